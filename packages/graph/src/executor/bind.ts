import { type DType, formatShape, type NDArray, RandomGenerator, sameShape, type Shape, zeros } from '@lossworks/ndarray';
import { determinedShapes } from '../inference/infer-shape.js';
import type { Symbol } from '../symbol/symbol.js';
import type { CheckInputs } from './check-inputs.js';
import { Executor } from './executor.js';
import { gradReqs, type GivenGradReq } from './grad-req.js';
import type { Recompute } from './recomputation.js';

interface CommonOptions {
  /** What backward does with each argument's gradient; `write` for all unless given. */
  readonly gradReq?: GivenGradReq;
  /** What of the inputs of losses, and of indices, is checked; what is wrong is a RangeError of `forward`. `fed` unless given; MXNet checks nothing. */
  readonly checkInputs?: CheckInputs;
  /** Source of Dropout's masks and the like; a generator of its own with seed 0 unless given. */
  readonly random?: RandomGenerator;
  /**
   * Saves memory: results that a training step does not keep for the way back, but computes again. `true`: of everything cheap (activations, normalisation,
   * pooling), as MXNet's mirroring does; a function decides node by node. False unless given.
   */
  readonly recompute?: Recompute;
}

/** Arrays for `bind`: by name or, as lists, in the order of `listArguments()` and `listAuxiliaryStates()` (MXNet `Symbol.bind`). */
export interface BindOptions extends CommonOptions {
  /** One an argument in order, or by name: all of them, of the shapes the graph has. The executor reads these very arrays. */
  readonly args: readonly NDArray[] | { readonly [name: string]: NDArray };
  /** Where gradients go, arrays of the arguments' shapes; an argument left out, or null, gets none. */
  readonly gradients?: readonly (NDArray | null)[] | { readonly [name: string]: NDArray | null };
  /** One an auxiliary state in order, or by name: all of them. `commit` assigns to these very arrays. */
  readonly auxiliaryStates?: readonly NDArray[] | { readonly [name: string]: NDArray };
}

/** Shapes (and types) for `simpleBind`, which makes the arrays (MXNet `Symbol.simple_bind`). */
export interface SimpleBindOptions extends CommonOptions {
  /** Shapes of as many arguments as determine the rest, usually data and labels. */
  readonly shapes: { readonly [argument: string]: Shape };
  /** Element types of arguments; float32 unless given. */
  readonly types?: { readonly [argument: string]: DType };
  /** Arrays to use in place of new ones, by name and where the shape is the same: weights shared with another executor. */
  readonly shared?: Executor;
}

/**
 * Binds a symbol to the given arrays, which stay the caller's (MXNet `bind`).
 *
 * @throws RangeError naming arrays that are missing or whose shape does not fit, gradient requests that do not, and gradients asked of indices.
 */
export function bind(symbol: Symbol, { args, gradients = {}, auxiliaryStates = {}, gradReq = 'write', checkInputs = 'fed', random = new RandomGenerator(), recompute = false }: BindOptions): Executor {
  const argNames = symbol.listArguments();
  const auxNames = symbol.listAuxiliaryStates();
  const argArrays = complete(args, argNames, 'args', 'argument');
  const auxArrays = complete(auxiliaryStates, auxNames, 'auxiliaryStates', 'auxiliary state');
  const gradientArrays = argNames.map((name, i) => (isList(gradients) ? (gradients[i] ?? null) : (gradients[name] ?? null)));
  const inferred = determinedShapes(symbol, argArrays.map(({ shape }) => shape), 'bind');
  agree(argArrays, inferred.arguments, argNames);
  agree(auxArrays, inferred.auxiliaryStates, auxNames);
  agree(gradientArrays, inferred.arguments, argNames.map((name) => `gradient of ${name}`));
  return new Executor({
    symbol, args: argArrays, gradients: gradientArrays, gradReqs: gradReqs(gradReq, argNames), auxiliaryStates: auxArrays, outputShapes: inferred.outputs, random, checkInputs, recompute,
  });
}

/**
 * Infers every shape, makes arrays of zeros and binds the symbol to them (MXNet `simple_bind`).
 *
 * @throws RangeError naming what stays undetermined, where shapes contradict each other, for names that are no argument, and for gradients asked of indices.
 */
export function simpleBind(symbol: Symbol, { shapes, types = {}, shared, gradReq = 'write', checkInputs = 'fed', random = new RandomGenerator(), recompute = false }: SimpleBindOptions): Executor {
  const argNames = symbol.listArguments();
  const auxNames = symbol.listAuxiliaryStates();
  for (const name of Object.keys(types)) if (!argNames.includes(name)) throw new RangeError(`simpleBind: types names ${name}, which is no argument; they are ${argNames.join(', ')}`);
  const inferred = determinedShapes(symbol, shapes, 'simpleBind');
  const requests = gradReqs(gradReq, argNames);
  const reuse = (arrays: { readonly [name: string]: NDArray | null } | undefined, name: string, shape: Shape, dtype: DType): NDArray => {
    const known = arrays?.[name];
    return known && sameShape(known.shape, shape) && known.dtype === dtype ? known : zeros(shape, dtype);
  };
  const args = argNames.map((name, i) => reuse(shared?.argDict, name, inferred.arguments[i]!, types[name] ?? 'float32'));
  const gradients = argNames.map((name, i) => (requests[i] === 'null' ? null : reuse(shared?.gradDict, name, inferred.arguments[i]!, 'float32')));
  const auxiliaryStates = auxNames.map((name, i) => reuse(shared?.auxDict, name, inferred.auxiliaryStates[i]!, 'float32'));
  return new Executor({ symbol, args, gradients, gradReqs: requests, auxiliaryStates, outputShapes: inferred.outputs, random, checkInputs, recompute });
}

type Given<T> = readonly T[] | { readonly [name: string]: T };

function isList<T>(given: Given<T>): given is readonly T[] {
  return Array.isArray(given);
}

function complete(given: Given<NDArray>, names: readonly string[], option: string, what: string): NDArray[] {
  if (isList(given)) {
    if (given.length !== names.length) throw new RangeError(`bind: ${option} has ${given.length} arrays for the ${names.length} ${what}s ${names.join(', ')}`);
    return [...given];
  }
  const missing = names.filter((name) => !Object.hasOwn(given, name));
  if (missing.length > 0) throw new RangeError(`bind: ${option} lacks the ${what}${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`);
  return names.map((name) => given[name]!);
}

function agree(arrays: readonly (NDArray | null)[], shapes: readonly Shape[], names: readonly string[]): void {
  arrays.forEach((array, i) => {
    const shape = shapes[i]!;
    if (array && !sameShape(array.shape, shape)) {
      throw new RangeError(`bind: ${names[i]} has shape ${formatShape(array.shape)}, the graph needs ${formatShape(shape)}; bind an array of that shape`);
    }
  });
}
