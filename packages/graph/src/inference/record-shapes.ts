import { placeholder, RandomGenerator, type Shape } from '@lossworks/ndarray';
import type { NodeShapes } from '../operators/operator.js';
import type { Node } from '../symbol/node.js';
import { isComplete, type PartialShape } from './partial-shape.js';

/** Stand-ins for an unknown dimension. Highly composite, so that whatever has to divide them does. */
const probes = [5040, 7560] as const;

/**
 * A node's output shapes, learnt by recording it on placeholders; undefined entries, and dimensions of 0, where that tells nothing.
 * Unknown input dimensions are tried with two numbers: what comes out the same does not depend on them.
 * @throws RangeError where known shapes do not fit together
 */
export function recordedShapes(node: Node, shapes: NodeShapes): readonly PartialShape[] {
  const known = [...shapes.inputs, ...shapes.auxiliaryStates];
  const unknown = node.outputNames.map(() => undefined);
  if (known.includes(undefined)) return unknown;
  const given = known as readonly Shape[];
  if (given.every((shape) => isComplete(shape))) return recordOn(node, given) ?? unknown;
  try {
    const [first, second] = probes.map((probe) => recordOn(node, given.map((shape) => shape.map((dimension) => dimension || probe))));
    if (!first || !second) return unknown;
    return first.map((shape, output) => agreement(shape, second[output]!));
  } catch {
    // The probe may not fit a known dimension; then nothing is learnt before the rest is known.
    return unknown;
  }
}

function recordOn(node: Node, shapes: readonly Shape[]): readonly Shape[] | undefined {
  // An operator that may read values tells its shapes by completeShapes.
  if (node.operator!.hasEffects) return undefined;
  const arrays = shapes.map((shape) => placeholder(shape));
  const outputs = node.operator!.record({
    name: node.name,
    parameters: node.parameters,
    inputs: arrays.slice(0, node.argumentCount),
    auxiliaryStates: arrays.slice(node.argumentCount),
    isTrain: false,
    random: new RandomGenerator(0),
    validRows: undefined,
    memory: {},
  });
  if (outputs instanceof Promise) throw new TypeError(`${node.label}: it records asynchronously; an operator that does must set hasEffects`);
  return outputs.map((output) => output.shape);
}

function agreement(a: Shape, b: Shape): PartialShape {
  return a.length === b.length ? a.map((dimension, axis) => (dimension === b[axis] ? dimension : 0)) : undefined;
}
