import { type DType, encodeOnnx, type NDArray, placeholder, RandomGenerator, sameShape, type Shape } from '@lossworks/ndarray';
import { needHeadGradient, recordBackward } from '../executor/backward-pass.js';
import { recordForward, type ForwardPass } from '../executor/forward-pass.js';
import { gradReqs, type GivenGradReq } from '../executor/grad-req.js';
import { determinedShapes } from '../inference/infer-shape.js';
import { auxiliaryNodes, type Node } from '../symbol/node.js';
import type { Symbol } from '../symbol/symbol.js';
import { PlaceholderRandom } from './placeholder-random.js';

/** Shapes and numbers of a network that is exported. */
export interface ExportOnnxOptions {
  /** Shapes of as many arguments as determine the rest, the batch included: the file is for these shapes. */
  readonly shapes: { readonly [argument: string]: Shape };
  /** Numbers that stand in the file, such as trained weights; arguments without become inputs of the file. */
  readonly args?: { readonly [argument: string]: NDArray };
  /** Numbers of auxiliary states; those without become inputs of the file. */
  readonly auxiliaryStates?: { readonly [state: string]: NDArray };
  /** Element types of inputs; float32 unless given. */
  readonly types?: { readonly [argument: string]: DType };
}

/** Shapes of a training step that is exported, and which gradients it gives. */
export interface ExportTrainingStepOptions extends ExportOnnxOptions {
  /** Which arguments' gradients the file gives out: those whose request is not `null`; all unless given. */
  readonly gradReq?: GivenGradReq;
}

/**
 * Bytes of an ONNX file (operator set 18) of the network as it predicts. Inputs have the names of arguments, outputs those of `listOutputs`. Arguments no
 * output depends on, such as labels, are left out.
 *
 * @throws RangeError where the shapes do not determine the rest, where numbers have another shape, and for operators that compute outside the graph (custom
 * operators).
 */
export async function exportOnnx(symbol: Symbol, options: ExportOnnxOptions): Promise<Uint8Array> {
  const { variables, inputs } = openVariables(symbol, options, 'exportOnnx');
  const pass = await recorded(symbol, variables, { isTrain: false, random: new RandomGenerator() });
  return encodeOnnx(inputs, outputsOf(symbol, pass));
}

/**
 * Bytes of an ONNX file of one training step without the optimizer: forward in training mode, and backward. Outputs beside those of `listOutputs` are
 * `<argument>_grad` and, for auxiliary states that change, `<state>_next`. Inputs beside arguments and auxiliary states are `<output>_head`, the head gradient of
 * each output that is no loss, and `uniform0`, `normal0` …: fresh standard random numbers, where an operator draws some.
 *
 * @throws RangeError as `exportOnnx` does.
 */
export async function exportTrainingStep(symbol: Symbol, { gradReq = 'write', ...options }: ExportTrainingStepOptions): Promise<Uint8Array> {
  const { variables, inputs, nodes } = openVariables(symbol, options, 'exportTrainingStep');
  const random = new PlaceholderRandom();
  const pass = await recorded(symbol, variables, { isTrain: true, random });
  const names = symbol.listArguments();
  const requests = gradReqs(gradReq, names);
  const auxiliary = auxiliaryNodes(nodes);
  const sources = nodes.filter((node) => node.isVariable && !auxiliary.has(node)).map((node, i) => ({ node, isWanted: requests[i] !== 'null' }));
  const wanted = new Set(sources.filter(({ isWanted }) => isWanted).map(({ node }) => node));
  for (const node of nodes) if (node.inputs.slice(0, node.argumentCount).some((input) => wanted.has(input.node))) wanted.add(node);
  const outputs: { [name: string]: NDArray } = outputsOf(symbol, pass);
  const outputNames = symbol.listOutputs();
  const needy = needHeadGradient(nodes, wanted);
  const heads = symbol.outputs.map(({ node, index }) => (needy.has(node) ? placeholder(pass.outputsOf.get(node)![index]!.shape) : null));
  const headInputs = Object.fromEntries(heads.flatMap((head, i) => (head ? [[`${outputNames[i]}_head`, head] as const] : [])));
  const result = await recordBackward(pass, { heads: symbol.outputs, headGradients: heads, wanted });
  for (const { node, isWanted } of sources) {
    if (isWanted) outputs[`${node.name}_grad`] = result.gradientOf(node) ?? variables.get(node)!.mul(0);
  }
  for (const [node, call] of result.calls) {
    const { contribution } = node.operator!;
    if (!contribution) continue;
    const next = contribution.commit(call.auxiliaryStates, contribution.contribute(call), node.parameters);
    node.inputs.slice(node.argumentCount).forEach((input, k) => (outputs[`${input.node.name}_next`] = next[k]!));
  }
  return encodeOnnx({ ...inputs, ...headInputs, ...random.inputs }, outputs);
}

function openVariables(symbol: Symbol, { shapes, args = {}, auxiliaryStates = {}, types = {} }: ExportOnnxOptions, what: string) {
  const given = Object.fromEntries(Object.entries(args).map(([name, { shape }]) => [name, shape]));
  const inferred = determinedShapes(symbol, { ...given, ...shapes }, what);
  const nodes = symbol.nodes();
  const effect = nodes.find((node) => node.operator?.hasEffects);
  if (effect) throw new RangeError(`${what}: ${effect.label} computes outside the graph, which no file can hold; export the network without it`);
  const auxiliary = auxiliaryNodes(nodes);
  const variables = new Map<Node, NDArray>();
  const inputs: { [name: string]: NDArray } = {};
  const open = (node: Node, numbers: { readonly [name: string]: NDArray }, shape: Shape): void => {
    const known = Object.hasOwn(numbers, node.name) ? numbers[node.name]!.snapshot() : undefined;
    if (known && !sameShape(known.shape, shape)) throw new RangeError(`${what}: ${node.name} has shape [${known.shape.join()}], the graph needs [${shape.join()}]`);
    variables.set(node, known ?? (inputs[node.name] ??= placeholder(shape, types[node.name])));
  };
  let [argument, state] = [0, 0];
  for (const node of nodes) {
    if (!node.isVariable) continue;
    if (auxiliary.has(node)) open(node, auxiliaryStates, inferred.auxiliaryStates[state++]!);
    else open(node, args, inferred.arguments[argument++]!);
  }
  return { variables, inputs, nodes };
}

async function recorded(symbol: Symbol, variables: ReadonlyMap<Node, NDArray>, options: { readonly isTrain: boolean; readonly random: RandomGenerator }): Promise<ForwardPass> {
  const pass: ForwardPass = { runs: [], outputsOf: new Map() };
  await recordForward(pass, symbol.nodes(), variables, new Map(), { ...options, validRows: undefined });
  return pass;
}

function outputsOf(symbol: Symbol, { outputsOf: results }: ForwardPass): { [name: string]: NDArray } {
  const names = symbol.listOutputs();
  return Object.fromEntries(symbol.outputs.map(({ node, index }, i) => [names[i]!, results.get(node)![index]!]));
}
