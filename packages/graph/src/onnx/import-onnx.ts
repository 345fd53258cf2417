import { array, type NDArray } from '@lossworks/ndarray';
import { variable } from '../symbol/variable.js';
import { Symbol } from '../symbol/symbol.js';
import { convertibleOperators } from './onnx-operators.js';
import { readModel, type OnnxNode, type OnnxTensor } from './read-model.js';

/** A network from an ONNX file. */
export interface ImportedOnnx {
  /** The network; the file's outputs in order, nodes named as there. */
  readonly symbol: Symbol;
  /** Numbers of the file for arguments, by name, in the shapes of the file. */
  readonly args: { readonly [argument: string]: NDArray };
  /** Numbers of the file for auxiliary states (BatchNormalization's moving statistics). */
  readonly auxiliaryStates: { readonly [state: string]: NDArray };
}

/** What a conversion sees of one ONNX node. */
export class OnnxCall {
  constructor(
    readonly node: OnnxNode,
    private readonly importer: Importer,
  ) {}

  get name(): string {
    return this.node.name;
  }

  has(input: number): boolean {
    return Boolean(this.node.inputs[input]);
  }

  /** An input as a symbol. */
  input(index: number): Symbol {
    const name = this.node.inputs[index];
    return name ? this.importer.symbolOf(name, this) : this.fail(`it needs at least ${index + 1} inputs`);
  }

  /** An input whose numbers stand in the file; undefined for one that is computed or fed. */
  tensor(index: number): OnnxTensor | undefined {
    return this.importer.tensors.get(this.node.inputs[index] ?? '');
  }

  /** Its shape, where it stands in the file or is fed in a shape that does. */
  shapeOf(index: number): readonly number[] | undefined {
    return this.tensor(index)?.shape ?? this.importer.inputShapes.get(this.node.inputs[index] ?? '');
  }

  /** The same where the conversion cannot do without. */
  constant(index: number, what: string): readonly number[] {
    const tensor = this.tensor(index);
    return tensor ? Array.from(tensor.data) : this.fail(`its ${what} must stand in the file as a constant`);
  }

  /** An argument with numbers that the conversion brings along. */
  constantSymbol(name: string, shape: readonly number[], data: readonly number[]): Symbol {
    this.importer.tensors.set(name, { name, shape, data: Float32Array.from(data) } as OnnxTensor);
    return this.importer.symbolOf(name, this);
  }

  number(name: string, fallback: number): number {
    const value = this.node.attributes.get(name);
    return typeof value === 'number' ? value : fallback;
  }

  text(name: string, fallback: string): string {
    const value = this.node.attributes.get(name);
    return typeof value === 'string' ? value : fallback;
  }

  list(name: string): readonly number[] | undefined {
    const value = this.node.attributes.get(name);
    return Array.isArray(value) ? (value as readonly number[]) : undefined;
  }

  fail(problem: string): never {
    throw new RangeError(`importOnnx: ${this.node.name} (${this.node.operator}): ${problem}`);
  }
}

/** Symbols and numbers by their names in the file. */
class Importer {
  readonly tensors = new Map<string, OnnxTensor>();
  readonly symbols = new Map<string, Symbol>();
  readonly inputShapes = new Map<string, readonly number[]>();

  symbolOf(name: string, call: OnnxCall): Symbol {
    const known = this.symbols.get(name);
    if (known) return known;
    const tensor = this.tensors.get(name);
    if (!tensor) return call.fail(`its input ${name} is made by no node before it`);
    const made = variable(name, { shape: argumentShape(tensor) });
    this.symbols.set(name, made);
    return made;
  }
}

/** One number of the file over a shape of the file, such as a kernel of ones: a tensor, so that its shape is known to what uses it. */
function spreadConstant(call: OnnxCall): OnnxTensor | undefined {
  const [number, lengths] = [call.tensor(0), call.tensor(1)];
  if (number?.data.length !== 1 || !lengths) return undefined;
  const shape = Array.from(lengths.data, Number);
  const size = shape.reduce((product, length) => product * length, 1);
  // Larger ones are spread by the program: a file must not make this reader allocate what it likes.
  if (shape.length < number.shape.length || !(size >= 1 && size <= 65_536)) return undefined;
  return { ...number, shape, data: new Float32Array(size).fill(Number(number.data[0])) };
}

/** A number without axes becomes a vector of one: shape () stands for an unknown one here. */
function argumentShape({ shape }: OnnxTensor): readonly number[] {
  return shape.length === 0 ? [1] : shape;
}

/**
 * A network from the bytes of an ONNX file, for the operators there are. Initializers become arguments (or auxiliary states) of their names, with their numbers
 * beside.
 *
 * @throws RangeError for bytes that are no ONNX model, and naming node and operator for what has no counterpart.
 */
export function importOnnx(bytes: Uint8Array): ImportedOnnx {
  const model = readModel(bytes);
  const importer = new Importer();
  for (const tensor of model.initializers) importer.tensors.set(tensor.name, tensor);
  for (const { name, shape } of model.inputs) {
    if (shape?.every((length) => length > 0)) importer.inputShapes.set(name, shape);
    if (!importer.tensors.has(name)) importer.symbols.set(name, variable(name, shape && shape.length > 0 ? { shape } : {}));
  }
  for (const node of model.nodes) {
    const call = new OnnxCall(node, importer);
    const constant = node.operator === 'Constant' ? node.attributes.get('value') : undefined;
    if (node.operator === 'Constant') {
      if (typeof constant !== 'object' || Array.isArray(constant)) call.fail('only tensors are read as constants');
      importer.tensors.set(node.outputs[0]!, { ...(constant as OnnxTensor), name: node.outputs[0]! });
      continue;
    }
    const spread = node.operator === 'Expand' ? spreadConstant(call) : undefined;
    if (spread) {
      importer.tensors.set(node.outputs[0]!, { ...spread, name: node.outputs[0]! });
      continue;
    }
    const rule = Object.hasOwn(convertibleOperators, node.operator) ? convertibleOperators[node.operator] : undefined;
    if (!rule) call.fail(`there is no counterpart; known are ${Object.keys(convertibleOperators).join(', ')}`);
    const result = rule!(call);
    node.outputs.forEach((output, i) => {
      // Optional outputs that nobody can have here are missed only where they are used.
      if (result.length > i) importer.symbols.set(output, result.get(i));
    });
  }
  if (model.outputs.length === 0) throw new RangeError('importOnnx: the graph has no outputs');
  const heads = model.outputs.map(({ name }) => importer.symbols.get(name) ?? missing(name));
  const symbol = Symbol.group(heads);
  const numbers = (names: readonly string[]): { [name: string]: NDArray } =>
    Object.fromEntries(names.flatMap((name) => {
      const tensor = importer.tensors.get(name);
      return tensor ? [[name, array(Float32Array.from(tensor.data), { shape: argumentShape(tensor) })]] : [];
    }));
  return { symbol, args: numbers(symbol.listArguments()), auxiliaryStates: numbers(symbol.listAuxiliaryStates()) };
}

function missing(name: string): never {
  throw new RangeError(`importOnnx: the output ${name} is made by no node`);
}
