import { formatShape, type Shape } from '@lossworks/ndarray';
import { suggestion } from '../operators/near-miss.js';
import type { NodeShapes } from '../operators/operator.js';
import { parseTuple } from '../operators/parameters/index.js';
import { auxiliaryNodes, type Node } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';
import { isComplete, mergeShapes, type PartialShape } from './partial-shape.js';
import { recordedShapes } from './record-shapes.js';

/** Shapes by argument name, or in the order of `listArguments`. A dimension of 0, and `[]`, is unknown. */
export type GivenShapes = { readonly [name: string]: Shape | undefined } | readonly (Shape | undefined)[];

/** Shapes in the order of `listArguments`, `listOutputs` and `listAuxiliaryStates`. */
export interface InferredShapes {
  readonly arguments: readonly Shape[];
  readonly outputs: readonly Shape[];
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
  const operators = nodes.filter((node) => !node.isVariable);
  for (let learning = true; learning; ) {
    const before = shapes.version;
    for (const node of operators) inferNode(node, shapes);
    for (const node of operators.toReversed()) inferNode(node, shapes);
    learning = shapes.version !== before;
  }
}

function inferNode(node: Node, shapes: ShapeTable): void {
  const { operator, parameters } = node;
  if (shapes.isSettled(node)) return;
  const completed = inContext(node, shapes.around(node), (around) => operator!.completeShapes?.(around, parameters));
  if (completed) shapes.learn(node, completed);
  const around = shapes.around(node);
  const recorded = inContext(node, around, () => recordedShapes(node, around));
  shapes.learn(node, { ...around, outputs: recorded });
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
    const inputs = node.inputs.map((input) => this.get(input.node, input.index));
    return {
      inputs: inputs.slice(0, node.argumentCount),
      auxiliaryStates: inputs.slice(node.argumentCount),
      outputs: this.#shapes.get(node)!,
    };
  }

  /** Whether all shapes around the node are known and have been checked against each other. */
  isSettled(node: Node): boolean {
    return this.#settled.has(node);
  }

  /** Takes over what is said about the shapes around a node. */
  learn(node: Node, said: NodeShapes): void {
    const before = this.around(node);
    const inputs = [...said.inputs, ...said.auxiliaryStates];
    node.inputs.forEach((input, position) => {
      this.#merge(input.node, input.index, inputs[position], () => inputConflict(node, position, before, inputs[position]!));
    });
    said.outputs.forEach((shape, index) => {
      this.#merge(node, index, shape, () => {
        const name = node.outputName(index);
        const known = formatShape(before.outputs[index]!);
        return `${node.label}: ${name} has shape ${formatShape(shape!)} by its inputs (${describeInputs(node, before)}), what uses it needs ${known}`;
      });
    });
    const after = this.around(node);
    if ([...after.inputs, ...after.auxiliaryStates, ...after.outputs].every(isComplete)) this.#settled.add(node);
  }

  #merge(node: Node, index: number, shape: PartialShape, conflict: () => string): void {
    const known = this.get(node, index);
    const merged = mergeShapes(known, shape);
    if (merged === 'conflict') throw new RangeError(conflict());
    if (merged?.join() !== known?.join()) this.set(node, index, merged);
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
