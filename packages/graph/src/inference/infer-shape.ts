import { formatShape, type Shape } from '@lossworks/ndarray';
import { suggestion } from '../operators/near-miss.js';
import type { NodeShapes } from '../operators/operator.js';
import { parseTuple } from '../operators/parameters/index.js';
import { auxiliaryNodes, type Node, type NodeOutput } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';
import { isComplete, mergeShapes, type PartialShape } from './partial-shape.js';
import { ShapeRecorder } from './record-shapes.js';

/** Shapes by argument name, or in the order of `listArguments`. A dimension of 0, and `[]`, is unknown. */
export type GivenShapes = { readonly [name: string]: Shape | undefined } | readonly (Shape | undefined)[];

/** Shapes in the order of `listArguments`, `listOutputs` and `listAuxiliaryStates`. */
export interface InferredShapes {
  /** Shapes of arguments; 0 stands for an unknown length, `[]` for an unknown shape, here and below. */
  readonly arguments: readonly Shape[];
  /** Shapes of outputs. */
  readonly outputs: readonly Shape[];
  /** Shapes of auxiliary states. */
  readonly auxiliaryStates: readonly Shape[];
  /** Names of arguments, auxiliary states and outputs of which something is unknown. */
  readonly undetermined: readonly string[];
}

/** All shapes, or undefined with a warning that names what is undetermined. */
export function inferShape(symbol: Symbol, given: GivenShapes): InferredShapes | undefined {
  const inferred = inferShapePartial(symbol, given);
  if (inferred.undetermined.length === 0) return inferred;
  console.warn(`inferShape: the given shapes do not determine ${inferred.undetermined.join(', ')}; give the shapes of more arguments`);
  return undefined;
}

/**
 * All shapes.
 *
 * @param what is asked for them, for the error.
 * @throws RangeError naming what is undetermined, and a given length of 0, which is no empty batch.
 */
export function determinedShapes(symbol: Symbol, given: GivenShapes, what: string): InferredShapes {
  const inferred = symbol.inferShapePartial(given);
  if (inferred.undetermined.length === 0) return inferred;
  const names = symbol.listArguments();
  const empty = Object.entries(given).find(([, shape]) => (shape as Shape | undefined)?.includes(0));
  const wayOut = empty
    ? `${names.includes(empty[0]) ? empty[0] : names[Number(empty[0])]} has shape ${formatShape(empty[1] as Shape)}, where 0 stands for unknown: give its length; an empty batch has no loss, leave its step out`
    : 'give the shapes of more arguments';
  throw new RangeError(`${what}: the shapes given do not determine ${inferred.undetermined.join(', ')}; ${wayOut}`);
}

/** What can be known; `[]` stands for nothing, 0 for an unknown dimension. */
export function inferShapePartial(symbol: Pick<Symbol, 'nodes' | 'outputs'>, given: GivenShapes): InferredShapes {
  const nodes = symbol.nodes();
  const auxiliary = auxiliaryNodes(nodes);
  const variables = nodes.filter((node) => node.isVariable);
  const shapes = new ShapeTable(nodes);
  for (const [node, shape] of givenShapes(variables, auxiliary, given)) shapes.set(node, 0, shape);
  inferAll(nodes, shapes);
  const undetermined = new Set<string>();
  const shapeOf = (node: Node, index: number, name: string): Shape => {
    const shape = shapes.get(node, index);
    if (!isComplete(shape)) undetermined.add(name);
    return shape ?? [];
  };
  return {
    arguments: variables.filter((node) => !auxiliary.has(node)).map((node) => shapeOf(node, 0, node.name)),
    outputs: symbol.outputs.map(({ node, index }) => shapeOf(node, index, node.outputName(index))),
    auxiliaryStates: variables.filter((node) => auxiliary.has(node)).map((node) => shapeOf(node, 0, node.name)),
    undetermined: [...undetermined],
  };
}

/** Goes through the graph forwards and backwards until nothing new is learnt. */
function inferAll(nodes: readonly Node[], shapes: ShapeTable): void {
  const recorder = new ShapeRecorder();
  let open = nodes.filter((node) => !node.isVariable);
  for (let learning = true; learning; ) {
    const before = shapes.version;
    for (const node of open) inferNode(node, shapes, recorder);
    open = open.filter((node) => !shapes.isSettled(node));
    for (const node of open.toReversed()) inferNode(node, shapes, recorder);
    open = open.filter((node) => !shapes.isSettled(node));
    learning = open.length > 0 && shapes.version !== before;
  }
}

function inferNode(node: Node, shapes: ShapeTable, recorder: ShapeRecorder): void {
  const { operator, parameters } = node;
  let around = shapes.around(node);
  if (operator!.completeShapes) {
    shapes.learn(node, inContext(node, around, (known) => operator!.completeShapes!(known, parameters)), around);
    around = shapes.around(node);
  }
  shapes.learnOutputs(node, inContext(node, around, (known) => recorder.outputShapes(node, known)), around);
  shapes.settle(node);
}

/** Names the node in what its operator throws. */
function inContext<Result>(node: Node, around: NodeShapes, infer: (around: NodeShapes) => Result): Result {
  try {
    return infer(around);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const message = error.message.startsWith(node.label) ? error.message : `${node.label}: ${error.message}`;
    throw new RangeError(`${message} (inputs: ${describeInputs(node, around)})`, { cause: error });
  }
}

/** Shapes of every output of every node, as far as they are known. */
class ShapeTable {
  readonly #shapes = new Map<Node, PartialShape[]>();
  readonly #settled = new Set<Node>();
  /** Counts what was learnt. */
  version = 0;

  constructor(nodes: readonly Node[]) {
    for (const node of nodes) this.#shapes.set(node, node.outputNames.map(() => undefined));
  }

  get(node: Node, index: number): PartialShape {
    return this.#shapes.get(node)![index];
  }

  set(node: Node, index: number, shape: PartialShape): void {
    this.#shapes.get(node)![index] = shape;
    this.version++;
  }

  around(node: Node): NodeShapes {
    const shapesOf = (inputs: readonly NodeOutput[]): PartialShape[] => inputs.map((input) => this.get(input.node, input.index));
    const { inputs, argumentCount } = node;
    const own = argumentCount === inputs.length ? inputs : inputs.slice(0, argumentCount);
    return {
      inputs: shapesOf(own),
      auxiliaryStates: own === inputs ? [] : shapesOf(inputs.slice(argumentCount)),
      outputs: this.#shapes.get(node)!.slice(),
    };
  }

  /** Whether all shapes around the node are known and have been checked against each other. */
  isSettled(node: Node): boolean {
    return this.#settled.has(node);
  }

  /** Notes that the shapes around the node have been checked, where all are known. */
  settle(node: Node): void {
    if (this.#shapes.get(node)!.every(isComplete) && node.inputs.every((input) => isComplete(this.get(input.node, input.index)))) this.#settled.add(node);
  }

  /** Takes over what is said about the shapes around a node. `before` is what was known, for errors. */
  learn(node: Node, said: NodeShapes, before: NodeShapes): void {
    const states = node.argumentCount;
    node.inputs.forEach((input, position) => {
      const shape = position < states ? said.inputs[position] : said.auxiliaryStates[position - states];
      this.#merge(input.node, input.index, shape, () => inputConflict(node, position, before, shape!));
    });
    this.learnOutputs(node, said.outputs, before);
  }

  learnOutputs(node: Node, outputs: readonly PartialShape[], before: NodeShapes): void {
    outputs.forEach((shape, index) => {
      this.#merge(node, index, shape, () => {
        const name = node.outputName(index);
        const known = formatShape(before.outputs[index]!);
        return `${node.label}: ${name} has shape ${formatShape(shape!)} by its inputs (${describeInputs(node, before)}), what uses it needs ${known}`;
      });
    });
  }

  #merge(node: Node, index: number, shape: PartialShape, conflict: () => string): void {
    const known = this.get(node, index);
    if (shape === undefined || shape === known) return;
    const merged = mergeShapes(known, shape);
    if (merged === 'conflict') throw new RangeError(conflict());
    if (merged !== known) this.set(node, index, merged);
  }
}

/** `fc1 (FullyConnected): weight has shape [10,64], data [32,50] needs [10,50]; …` */
function inputConflict(node: Node, position: number, before: NodeShapes, needed: Shape): string {
  const shapes = [...before.inputs, ...before.auxiliaryStates];
  const names = inputNames(node);
  const others = names.map((name, other) => ({ name, other, shape: shapes[other] })).filter(({ other, shape }) => other !== position && isComplete(shape));
  const reason = others[0] ? `${others[0].name} ${formatShape(others[0].shape!)} needs` : 'it needs';
  const source = node.inputs[position]!.node.outputName(node.inputs[position]!.index);
  return `${node.label}: ${names[position]} has shape ${formatShape(shapes[position]!)}, ${reason} ${formatShape(needed)}; give ${source} that shape, or none where it is to be inferred`;
}

function describeInputs(node: Node, { inputs, auxiliaryStates }: NodeShapes): string {
  const shapes = [...inputs, ...auxiliaryStates];
  return inputNames(node).map((name, position) => `${name} ${shapes[position] ? formatShape(shapes[position]) : 'unknown'}`).join(', ');
}

function inputNames(node: Node): readonly string[] {
  return [...node.operator!.inputs(node.parameters), ...(node.operator!.auxiliaryStates?.(node.parameters) ?? [])];
}

/** Starting shapes of variables: from their `__shape__`, and those that are given. */
function* givenShapes(variables: readonly Node[], auxiliary: ReadonlySet<Node>, given: GivenShapes): Iterable<[Node, Shape]> {
  const byName = namedShapes(variables.filter((node) => !auxiliary.has(node)), variables, given);
  for (const node of variables) {
    const declared = node.attributes.__shape__ === undefined ? undefined : known(parseTuple(node.attributes.__shape__));
    const shape = known(byName.get(node.name));
    const merged = mergeShapes(declared, shape);
    if (merged === 'conflict') {
      throw new RangeError(`${node.name} (variable): it was declared with shape ${formatShape(declared!)}, ${formatShape(shape!)} is given; give a shape that agrees`);
    }
    if (merged) yield [node, merged];
  }
}

function known(shape: Shape | undefined): PartialShape {
  return shape === undefined || shape.length === 0 ? undefined : shape.map((dimension) => (dimension < 0 ? 0 : dimension));
}

function namedShapes(argumentNodes: readonly Node[], variables: readonly Node[], given: GivenShapes): Map<string, Shape | undefined> {
  const names = variables.map((node) => node.name);
  if (isList(given)) {
    if (given.length > argumentNodes.length) {
      throw new RangeError(`inferShape: ${given.length} shapes are given for ${argumentNodes.length} arguments: ${argumentNodes.map((node) => node.name).join(', ')}`);
    }
    return new Map(given.map((shape, position) => [argumentNodes[position]!.name, shape]));
  }
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new RangeError(`inferShape: there is no argument ${name}${suggestion(name, names)}The arguments are ${names.join(', ')}`);
  }
  return new Map(Object.entries(given));
}

function isList(given: GivenShapes): given is readonly (Shape | undefined)[] {
  return Array.isArray(given);
}
