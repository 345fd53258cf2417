import { constant, reshape, tape, zeros, type NDArray } from '@lossworks/ndarray';
import { backwardCall, GradientSums, inputGradients, startsGradient } from '../../executor/backward-pass.js';
import type { NodeRun } from '../../executor/forward-pass.js';
import { readJson } from '../../json/read-json.js';
import { auxiliaryNodes, traverse, type Node, type NodeOutput } from '../../symbol/node.js';
import { defineOperator } from '../define-operator.js';
import type { Call } from '../operator.js';
import type { ParameterValues } from '../parameter.js';
import { text } from '../parameters/index.js';
import { gradientShapes } from './gradient-shapes.js';

const parameters = {
  symbol: text('The network that is differentiated, as symbol JSON.'),
  wrt: text('JSON list of the arguments it is differentiated with respect to.'),
};
type Values = ParameterValues<typeof parameters>;

/** A network inside a node, taken apart once. */
export interface Inner {
  readonly heads: readonly NodeOutput[];
  readonly nodes: readonly Node[];
  readonly argumentNodes: readonly Node[];
  readonly auxiliaryNodes: readonly Node[];
  readonly wrt: readonly string[];
}

const known = new WeakMap<object, Inner>();

function innerOf(values: Values): Inner {
  let inner = known.get(values);
  if (!inner) known.set(values, (inner = takeApart(values)));
  return inner;
}

function takeApart({ symbol, wrt }: Values): Inner {
  const heads = readJson(symbol);
  const nodes = traverse(heads);
  const auxiliary = auxiliaryNodes(nodes);
  const variables = nodes.filter((node) => node.isVariable);
  const argumentNodes = variables.filter((node) => !auxiliary.has(node));
  const names: unknown = JSON.parse(wrt);
  const isName = (name: unknown): name is string => argumentNodes.some((node) => node.name === name);
  if (!Array.isArray(names) || names.length === 0 || !names.every(isName)) {
    throw new RangeError(`wrt ${wrt} must list arguments; they are ${argumentNodes.map(({ name }) => name).join(', ')}`);
  }
  const effect = nodes.find(({ operator }) => operator?.hasEffects);
  if (effect) throw new RangeError(`${effect.label} computes outside the graph and has no gradient as a symbol; use an executor's backward`);
  return { heads, nodes, argumentNodes, auxiliaryNodes: variables.filter((node) => auxiliary.has(node)), wrt: names };
}

/**
 * The gradient of the sum of a network's outputs (loss layers: of their loss) as outputs of a graph, one for each argument asked for. It is recorded like anything
 * else, so that it can be differentiated again.
 */
export const gradientOperator = defineOperator({
  name: '_gradient',
  parameters,
  inputs: (values) => innerOf(values).argumentNodes.map(({ name }) => name),
  auxiliaryStates: (values) => innerOf(values).auxiliaryNodes.map(({ name }) => name),
  outputs: (values) => innerOf(values).wrt.map((name) => `${name}_grad`),
  completeShapes: (shapes, values) => gradientShapes(shapes, innerOf(values)),
  recordsAnew: (values) => innerOf(values).nodes.some(({ operator, parameters: own }) => operator?.recordsAnew?.(own)),
  record: (call) => recordGradient(innerOf(call.parameters), call),
});

function recordGradient({ heads, nodes, argumentNodes, auxiliaryNodes: states, wrt }: Inner, call: Call<typeof parameters>): NDArray[] {
  const results = new Map<Node, readonly NDArray[]>();
  argumentNodes.forEach((node, i) => results.set(node, [call.inputs[i]!]));
  const stateArrays = new Map(states.map((node, i) => [node, call.auxiliaryStates[i]!]));
  const wanted = new Set(argumentNodes.filter(({ name }) => wrt.includes(name)));
  const runs: NodeRun[] = [];
  for (const node of nodes) {
    if (!node.operator) continue;
    const sources = node.inputs.slice(0, node.argumentCount);
    const inner: Call = {
      ...call,
      name: node.name,
      parameters: node.parameters,
      inputs: apart(sources.map(({ node: source, index }) => results.get(source)![index]!)),
      auxiliaryStates: node.inputs.slice(node.argumentCount).map((input) => stateArrays.get(input.node)!),
      memory: ((call.memory[node.name] ??= {}) as Call['memory']),
    };
    const recorded = node.operator.record(inner) as readonly NDArray[];
    const outputs = node.operator.gradient ? recorded.map(copy) : recorded;
    results.set(node, outputs);
    runs.push({ node, call: inner, outputs, randomBefore: undefined, tape: node.operator.gradient ? undefined : tape(outputs, inner.inputs) });
    if (sources.some(({ node: source }) => wanted.has(source))) wanted.add(node);
  }
  const sums = new GradientSums();
  for (const head of heads) if (!startsGradient(head.node)) sums.add(head, constant(1, results.get(head.node)![head.index]!.shape));
  const starts = new Set(heads.map(({ node }) => node).filter(startsGradient));
  for (const run of runs.toReversed()) {
    const outputGradients = sums.of(run.node);
    if (!wanted.has(run.node) || (!starts.has(run.node) && outputGradients.every((gradient) => gradient === null))) continue;
    const backward = backwardCall(run, outputGradients, wanted);
    const gradients = inputGradients(run, backward) as readonly (NDArray | null)[];
    backward.inputs.forEach((_, k) => {
      const gradient = gradients[k];
      if (gradient && backward.wanted[k]) sums.add(run.node.inputs[k]!, gradient);
    });
  }
  return wrt.map((name) => {
    const node = argumentNodes.find((each) => each.name === name)!;
    return sums.of(node)[0] ?? zeros(results.get(node)![0]!.shape);
  });
}

/** Like the executor's rule for equal inputs, but what is told apart can still be differentiated. */
function apart(inputs: readonly NDArray[]): NDArray[] {
  const seen = new Set<unknown>();
  return inputs.map((input) => {
    const distinct = seen.has(input.value) ? copy(input) : input;
    seen.add(distinct.value);
    return distinct;
  });
}

/** The same numbers as a value of its own, which derivatives pass. */
function copy(array: NDArray): NDArray {
  return reshape(reshape(array, [1, ...array.shape]), array.shape);
}
