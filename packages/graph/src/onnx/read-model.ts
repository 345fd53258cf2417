import { PbfReader } from 'pbf';

// Field numbers and codes of onnx.proto. The file is taken as hostile: every length is checked against what is left.

export type OnnxAttributeValue = number | string | readonly number[] | OnnxTensor;

export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** float32 as numbers, whole numbers of any width as numbers. */
  readonly data: readonly number[] | Float32Array;
  readonly isFloat: boolean;
}

export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttributeValue>;
}

export interface OnnxInput {
  readonly name: string;
  /** Lengths, 0 for one that is open; undefined where nothing is said. */
  readonly shape: readonly number[] | undefined;
}

export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxInput[];
  readonly outputs: readonly OnnxInput[];
}

/** @throws RangeError naming the place for bytes that are no ONNX model, and for what only other files hold (external data). */
export function readModel(bytes: Uint8Array): OnnxModel {
  const reader = new Fields(bytes);
  let model: OnnxModel | undefined;
  for (const field of reader.fields()) if (field === 7) model = readGraph(reader.message());
  if (!model) throw new RangeError(`ONNX file: there is no graph in its ${bytes.length} bytes; is it an ONNX model?`);
  return model;
}

/** Fields of one message. */
class Fields {
  readonly #pbf: PbfReader;
  readonly #bytes: Uint8Array;
  #wire = 0;

  constructor(bytes: Uint8Array) {
    this.#pbf = new PbfReader(bytes);
    this.#bytes = bytes;
  }

  /** Numbers of the fields, one after the other; one that is not read is skipped. */
  *fields(): Iterable<number> {
    const pbf = this.#pbf;
    while (pbf.pos < this.#bytes.length) {
      const tag = this.number();
      const start = pbf.pos;
      this.#wire = tag & 7;
      yield tag >>> 3;
      if (pbf.pos === start) this.#skip();
      if (pbf.pos > this.#bytes.length) this.#fail('ends in the middle of a field');
    }
  }

  number(): number {
    try {
      return this.#pbf.readVarint(true);
    } catch {
      return this.#fail('holds a number that never ends');
    }
  }

  float(): number {
    if (this.#wire !== 5 || this.#pbf.pos + 4 > this.#bytes.length) this.#fail('holds no float where one must be');
    return this.#pbf.readFloat();
  }

  bytes(): Uint8Array {
    if (this.#wire !== 2) this.#fail('holds a number where bytes must be');
    const length = this.number();
    const start = this.#pbf.pos;
    if (length < 0 || start + length > this.#bytes.length) this.#fail(`says that ${length} bytes follow, of which ${this.#bytes.length - start} are there`);
    this.#pbf.pos = start + length;
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return new TextDecoder().decode(this.bytes());
  }

  message(): Fields {
    return new Fields(this.bytes());
  }

  /** One number, or a packed list of them. */
  numbers(): number[] {
    if (this.#wire !== 2) return [this.number()];
    const packed = new Fields(this.bytes());
    const list: number[] = [];
    while (packed.#pbf.pos < packed.#bytes.length) list.push(packed.number());
    return list;
  }

  floats(): number[] {
    if (this.#wire !== 2) return [this.float()];
    const packed = this.bytes();
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    return Array.from({ length: packed.length >> 2 }, (_, i) => view.getFloat32(4 * i, true));
  }

  #skip(): void {
    if (this.#wire === 2) this.bytes();
    else if (this.#wire === 0) this.number();
    else if (this.#wire === 5) this.#pbf.pos += 4;
    else if (this.#wire === 1) this.#pbf.pos += 8;
    else this.#fail('holds a field of a kind that there is not');
  }

  #fail(problem: string): never {
    throw new RangeError(`ONNX file: a message of ${this.#bytes.length} bytes ${problem} (byte ${this.#pbf.pos}); it is damaged or no ONNX model`);
  }
}

function readGraph(graph: Fields): OnnxModel {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const inputs: OnnxInput[] = [];
  const outputs: OnnxInput[] = [];
  for (const field of graph.fields()) {
    if (field === 1) nodes.push(readNode(graph.message()));
    else if (field === 5) initializers.push(readTensor(graph.message()));
    else if (field === 11) inputs.push(readInput(graph.message()));
    else if (field === 12) outputs.push(readInput(graph.message()));
  }
  return { nodes, initializers, inputs, outputs };
}

function readNode(node: Fields): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttributeValue>();
  let name = '';
  let operator = '';
  for (const field of node.fields()) {
    if (field === 1) inputs.push(node.text());
    else if (field === 2) outputs.push(node.text());
    else if (field === 3) name = node.text();
    else if (field === 4) operator = node.text();
    else if (field === 5) {
      const [key, value] = readAttribute(node.message());
      if (value !== undefined) attributes.set(key, value);
    }
  }
  return { name: name || outputs[0] || operator, operator, inputs, outputs, attributes };
}

function readAttribute(attribute: Fields): [string, OnnxAttributeValue | undefined] {
  let name = '';
  let value: OnnxAttributeValue | undefined;
  const list: number[] = [];
  for (const field of attribute.fields()) {
    if (field === 1) name = attribute.text();
    else if (field === 2) value = attribute.float();
    else if (field === 3) value = attribute.number();
    else if (field === 4) value = attribute.text();
    else if (field === 5) value = readTensor(attribute.message());
    else if (field === 7) list.push(...attribute.floats());
    else if (field === 8) list.push(...attribute.numbers());
  }
  return [name, list.length > 0 ? list : value];
}

/** How raw bytes of each element type read; others are refused. */
const elementTypes: { readonly [code: number]: { readonly bytes: number; read(view: DataView, at: number): number } } = {
  1: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  2: { bytes: 1, read: (view, at) => view.getUint8(at) },
  3: { bytes: 1, read: (view, at) => view.getInt8(at) },
  6: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  7: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  9: { bytes: 1, read: (view, at) => view.getUint8(at) },
  11: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

function readTensor(tensor: Fields): OnnxTensor {
  const shape: number[] = [];
  const listed: number[] = [];
  let name = '';
  let type = 1;
  let raw: Uint8Array | undefined;
  for (const field of tensor.fields()) {
    if (field === 1) shape.push(...tensor.numbers());
    else if (field === 2) type = tensor.number();
    else if (field === 4) listed.push(...tensor.floats());
    else if (field === 5 || field === 7) listed.push(...tensor.numbers());
    else if (field === 8) name = tensor.text();
    else if (field === 9) raw = tensor.bytes();
    else if (field === 14 && tensor.number() !== 0) throw new RangeError(`ONNX file: the numbers of ${name || 'a tensor'} stand in another file; write the model with its data inside`);
  }
  const kind = elementTypes[type];
  if (!kind) throw new RangeError(`ONNX file: ${name || 'a tensor'} has element type ${type}, which is not read; convert it to float32`);
  const size = shape.reduce((product, length) => product * length, 1);
  const found = raw ? raw.length / kind.bytes : listed.length;
  if (shape.some((length) => length < 0) || size !== found) throw new RangeError(`ONNX file: ${name || 'a tensor'} of shape [${shape.join()}] has ${found} numbers, it needs ${size}`);
  const view = raw && new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return { name, shape, isFloat: type === 1 || type === 11, data: view ? elementsOf(view, kind, size, type === 1 || type === 11) : listed };
}

function elementsOf(view: DataView, { bytes, read }: { readonly bytes: number; read(view: DataView, at: number): number }, size: number, isFloat: boolean): Float32Array | number[] {
  const element = (_: unknown, i: number): number => read(view, i * bytes);
  return isFloat ? Float32Array.from({ length: size }, element) : Array.from({ length: size }, element);
}

function readInput(info: Fields): OnnxInput {
  let name = '';
  let shape: number[] | undefined;
  for (const field of info.fields()) {
    if (field === 1) name = info.text();
    else if (field === 2) shape = nested(info.message(), [1, 2], readShape);
  }
  return { name, shape };
}

/** Goes down a path of messages. */
function nested<T>(fields: Fields, [next, ...rest]: readonly number[], read: (fields: Fields) => T): T | undefined {
  if (next === undefined) return read(fields);
  let found: T | undefined;
  for (const field of fields.fields()) if (field === next) found = nested(fields.message(), rest, read);
  return found;
}

function readShape(shape: Fields): number[] {
  const lengths: number[] = [];
  for (const field of shape.fields()) {
    if (field !== 1) continue;
    let length = 0;
    const dimension = shape.message();
    for (const part of dimension.fields()) if (part === 1) length = Math.max(0, dimension.number());
    lengths.push(length);
  }
  return lengths;
}
