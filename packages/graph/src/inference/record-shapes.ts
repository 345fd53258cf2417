import { placeholder, RandomGenerator, type Shape } from '@lossworks/ndarray';
import type { NodeShapes, Operator } from '../operators/operator.js';
import type { Node } from '../symbol/node.js';
import { isComplete, type PartialShape } from './partial-shape.js';

/** Stand-ins for an unknown dimension. Highly composite, so that whatever has to divide them does. */
const probes = [5040, 7560] as const;

/** Learns output shapes by recording nodes on placeholders. Layers repeat: of equal uses of an operator only the first is recorded. */
export class ShapeRecorder {
  readonly #known = new Map<Operator, Map<string, readonly PartialShape[]>>();

  /**
   * A node's output shapes; undefined entries, and dimensions of 0, where recording tells nothing.
   * @throws RangeError where known shapes do not fit together
   */
  outputShapes(node: Node, { inputs, auxiliaryStates }: NodeShapes): readonly PartialShape[] {
    const given = auxiliaryStates.length === 0 ? inputs : [...inputs, ...auxiliaryStates];
    if (given.includes(undefined)) return node.outputNames.map(() => undefined);
    let uses = this.#known.get(node.operator!);
    if (!uses) this.#known.set(node.operator!, (uses = new Map<string, readonly PartialShape[]>()));
    const key = JSON.stringify([node.attributes, given]);
    let shapes = uses.get(key);
    if (!shapes) uses.set(key, (shapes = recordedShapes(node, given as readonly Shape[])));
    return shapes;
  }
}

/** Unknown input dimensions are tried with two numbers: what comes out the same does not depend on them. */
function recordedShapes(node: Node, given: readonly Shape[]): readonly PartialShape[] {
  const unknown = node.outputNames.map(() => undefined);
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
