import { formatShape, type NDArray, sameShape, type Shape, sizeOf, zeros } from '@lossworks/ndarray';
import { determinedShapes } from '../inference/infer-shape.js';
import type { Binding } from './executor.js';

/** What `executor.reshape` may change (MXNet `Executor.reshape`). */
export interface ReshapeOptions {
  /** Whether arguments that were not named may change their shape too; false unless given. */
  readonly partialShaping?: boolean;
  /** Whether arrays may become larger; false unless given. */
  readonly allowUpSizing?: boolean;
}

/**
 * The same binding for other shapes. Arrays whose shape stays are the very same, so parameters are shared; others start as zeros.
 *
 * @throws RangeError for an unknown name, where the shapes do not determine the rest, and for changes the options do not allow.
 */
export function reshaped(binding: Binding, shapes: { readonly [argument: string]: Shape }, { partialShaping = false, allowUpSizing = false }: ReshapeOptions): Binding {
  const { symbol, args, gradients, auxiliaryStates } = binding;
  const inferred = determinedShapes(symbol, shapes, 'reshape');
  const change = (array: NDArray, name: string, shape: Shape, isNamed: boolean): NDArray => {
    if (sameShape(array.shape, shape)) return array;
    const described = `${name} would change from ${formatShape(array.shape)} to ${formatShape(shape)}`;
    if (!isNamed && !partialShaping) throw new RangeError(`reshape: ${described}, and was not named; name its shape, or set partialShaping`);
    if (sizeOf(shape) > array.size && !allowUpSizing) throw new RangeError(`reshape: ${described}, which is larger; set allowUpSizing, or bind anew`);
    return zeros(shape, array.dtype);
  };
  const names = symbol.listArguments();
  const changed = args.map((array, i) => change(array, names[i]!, inferred.arguments[i]!, Object.hasOwn(shapes, names[i]!)));
  return {
    ...binding,
    args: changed,
    gradients: gradients.map((gradient, i) => gradient && (changed[i] === args[i] ? gradient : zeros(changed[i]!.shape))),
    auxiliaryStates: auxiliaryStates.map((state, i) => change(state, symbol.listAuxiliaryStates()[i]!, inferred.auxiliaryStates[i]!, false)),
    outputShapes: inferred.outputs,
  };
}
