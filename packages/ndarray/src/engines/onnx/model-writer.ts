import { PbfWriter } from 'pbf';
import type { Shape } from '../../shape.js';

// Field numbers and codes of onnx.proto. Only what is written here has a name.

export type OnnxType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool';

const typeCodes: { readonly [T in OnnxType]: number } = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };

/** An attribute's value tells its kind: a list is ints, `{ float }` a float, a string a string. */
export type OnnxAttribute = number | readonly number[] | string | { readonly float: number };

export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: { readonly [name: string]: OnnxAttribute };
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: Shape;
  readonly bytes: Uint8Array;
}

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: OnnxType;
  /** Any shape where it is left out. */
  readonly shape?: Shape;
  /** Whether it is a sequence of such tensors. */
  readonly isSequence?: boolean;
}

export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** Version of the operator set the lowerings are written in. */
const operatorSet = 18;
const irVersion = 9;

/** The bytes of an ONNX file. */
export function writeModel(graph: OnnxGraph): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, irVersion);
  pbf.writeStringField(2, 'lossworks');
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, (version: number, out: PbfWriter) => out.writeVarintField(2, version), operatorSet);
  return pbf.finish();
}

function writeGraph(graph: OnnxGraph, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'program');
  for (const tensor of graph.initializers) pbf.writeMessage(5, writeTensor, tensor);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValueInfo, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValueInfo, output);
}

function writeNode({ type, inputs, outputs, attributes }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  for (const output of outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, outputs.find((output) => output !== '') ?? type);
  pbf.writeStringField(4, type);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

function writeAttribute([name, value]: [string, OnnxAttribute], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  } else if (typeof value === 'string') {
    pbf.writeStringField(4, value);
    pbf.writeVarintField(20, 3);
  } else if ('float' in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, 1);
  } else {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, 7);
  }
}

function writeTensor({ name, type, shape, bytes }: OnnxTensor, pbf: PbfWriter): void {
  for (const dimension of shape) pbf.writeVarintField(1, dimension);
  pbf.writeVarintField(2, typeCodes[type]);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, bytes);
}

function writeValueInfo(info: OnnxValueInfo, pbf: PbfWriter): void {
  pbf.writeStringField(1, info.name);
  pbf.writeMessage(2, info.isSequence ? writeSequenceType : writeType, info);
}

function writeSequenceType(info: OnnxValueInfo, pbf: PbfWriter): void {
  pbf.writeMessage(4, (elements: OnnxValueInfo, out: PbfWriter) => out.writeMessage(1, writeType, elements), info);
}

function writeType(info: OnnxValueInfo, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, info);
}

function writeTensorType({ type, shape }: OnnxValueInfo, pbf: PbfWriter): void {
  pbf.writeVarintField(1, typeCodes[type]);
  if (shape) pbf.writeMessage(2, writeShape, shape);
}

function writeShape(shape: Shape, pbf: PbfWriter): void {
  for (const dimension of shape) pbf.writeMessage(1, (length: number, out: PbfWriter) => out.writeVarintField(1, length), dimension);
}
