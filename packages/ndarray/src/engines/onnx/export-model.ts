import type { NDArray } from '../../ndarray.js';
import { readValue } from '../../program/evaluation.js';
import { outline, programOf, resolve, unfolded, type Program } from '../../program/program.js';
import { rewrite } from '../../program/rewrite.js';
import type { Value } from '../../recording/value.js';
import { formatShape } from '../../shape.js';
import { lowerProgram } from './lower-program.js';
import { writeModel, type OnnxGraph, type OnnxNode, type OnnxTensor, type OnnxValueInfo } from './model-writer.js';
import type { Target } from './graph-builder.js';

/** Arrays by the names they are to have in a file, in the file's order. */
export interface NamedArrays {
  /** Name in the file to array. */
  readonly [name: string]: NDArray;
}

/** What recorded arrays lower to, and the given arrays and constants below them in the order of its inputs. */
export interface LoweredArrays {
  readonly graph: OnnxGraph;
  readonly program: Program;
  /** Recorded steps the arrays depend on, before rewriting. */
  readonly neededSteps: number;
  readonly leaves: readonly Value[];
  /** The number of each array among the graph's outputs; undefined for an array that is a leaf. */
  readonly positions: readonly (number | undefined)[];
}

export function lowerArrays(arrays: readonly NDArray[], target: Target): LoweredArrays {
  const outlined = unfolded(outline(arrays.map(({ value }) => value)));
  const program = rewrite(programOf(outlined, []));
  const positions = arrays.map(({ value }) => {
    const position = outlined.roots.indexOf(resolve(value));
    return position < 0 ? undefined : position;
  });
  return { graph: lowerProgram(program, target), program, neededSteps: outlined.pending.length, leaves: outlined.leaves, positions };
}

/**
 * Bytes of an ONNX file that computes the outputs. Leaves that are no named input stand in it with the numbers they have now.
 *
 * @throws RangeError where an input is computed from something, where inputs share an array, and where an output has another input's name.
 */
export async function exportModel(inputs: NamedArrays, outputs: NamedArrays): Promise<Uint8Array> {
  const inputNames = new Map<Value, string>();
  for (const [name, { value }] of Object.entries(inputs)) {
    const leaf = resolve(value);
    if (leaf.step) throw new RangeError(`encodeOnnx: the input ${name} is computed from other arrays; name those, or read it first`);
    const other = inputNames.get(leaf);
    if (other !== undefined) throw new RangeError(`encodeOnnx: the inputs ${other} and ${name} are one array; give each its own`);
    inputNames.set(leaf, name);
  }
  const outputNames = Object.keys(outputs);
  const { graph, leaves, positions } = lowerArrays(Object.values(outputs), 'file');
  const known = [...new Set([...leaves, ...Object.values(outputs).map(({ value }) => resolve(value)).filter((value) => !value.step)])];
  const names = new Map<string, string>();
  const initializers: OnnxTensor[] = [...graph.initializers];
  for (const [i, leaf] of known.entries()) {
    // The graph's own names are short; `$` keeps constants apart from every name of a user.
    const name = inputNames.get(leaf) ?? `$leaf${i}`;
    if (leaves[i] === leaf) names.set(`i${i}`, name);
    if (!inputNames.has(leaf)) initializers.push(await tensorOf(leaf, name));
  }
  const own = (name: string): string => names.get(name) ?? (name === '' ? '' : `$${name}`);
  const nodes: OnnxNode[] = graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(own), outputs: node.outputs.map(own) }));
  outputNames.forEach((name, i) => {
    const position = positions[i];
    const leaf = resolve(Object.values(outputs)[i]!.value);
    const source = position === undefined ? inputNames.get(leaf) ?? `$leaf${known.indexOf(leaf)}` : `$o${position}`;
    // An input that is given out as it is needs no node.
    if (source === name) return;
    if (Object.hasOwn(inputs, name)) throw new RangeError(`encodeOnnx: the output ${name} has the name of an input; give it another`);
    nodes.push({ type: 'Identity', inputs: [source], outputs: [name], attributes: {} });
  });
  return writeModel({
    nodes,
    initializers: initializers.map((tensor, i) => (i < graph.initializers.length ? { ...tensor, name: own(tensor.name) } : tensor)),
    inputs: Object.entries(inputs).filter(([, { value }]) => known.includes(resolve(value))).map(infoOf),
    outputs: Object.entries(outputs).map(infoOf),
  });
}

function infoOf([name, { shape, dtype }]: [string, NDArray]): OnnxValueInfo {
  return { name, type: dtype, shape };
}

async function tensorOf(leaf: Value, name: string): Promise<OnnxTensor> {
  if (!leaf.storage?.host && !leaf.storage?.buffer) {
    throw new RangeError(`encodeOnnx: a placeholder of shape ${formatShape(leaf.shape)} is no named input; name it, or give it numbers`);
  }
  const data = await readValue(leaf);
  return { name, type: leaf.dtype, shape: leaf.shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
