import type { OnnxAttribute, OnnxNode, OnnxTensor, OnnxType } from './model-writer.js';
import { sameShape, type Shape } from '../../shape.js';
import type { OnnxDevice } from './runtime.js';

/** What a graph is for: a device of ours, or a file that others read. */
export type Target = OnnxDevice | 'file';

/** Collects nodes and constants of one ONNX graph under fresh names; equal constants are one. */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  readonly #constants = new Map<string, string>();
  readonly #shared = new Map<string, readonly string[]>();
  #names = 0;

  /** @param target providers lack one operator or another; in a file an operator stands by its own name, where another would be faster here. */
  constructor(readonly target: Target = 'cpu') {}

  /** Adds a node with one output and returns its name. */
  op(type: string, inputs: readonly string[], attributes: { readonly [name: string]: OnnxAttribute } = {}): string {
    return this.opMany(type, inputs, 1, attributes)[0]!;
  }

  /** Adds a node with several outputs. */
  opMany(type: string, inputs: readonly string[], outputs: number, attributes: { readonly [name: string]: OnnxAttribute } = {}): readonly string[] {
    const names = Array.from({ length: outputs }, () => `t${this.#names++}`);
    this.nodes.push({ type, inputs, outputs: names, attributes });
    return names;
  }

  /** Like `opMany`, but an equal node made before serves again: for nodes that two primitives share. */
  sharedOp(type: string, inputs: readonly string[], outputs: number, attributes: { readonly [name: string]: OnnxAttribute } = {}): readonly string[] {
    const key = `${type}${outputs}${inputs.join()}${JSON.stringify(attributes)}`;
    let names = this.#shared.get(key);
    if (!names) this.#shared.set(key, (names = this.opMany(type, inputs, outputs, attributes)));
    return names;
  }

  /** `sharedOp` with one output. */
  shared(type: string, inputs: readonly string[]): string {
    return this.sharedOp(type, inputs, 1)[0]!;
  }

  int64(values: readonly number[], shape: Shape = [values.length]): string {
    return this.#constant('int64', shape, BigInt64Array.from(values, BigInt));
  }

  int32(values: Int32Array, shape: Shape = [values.length]): string {
    return this.#constant('int32', shape, values);
  }

  floats(values: Float32Array, shape: Shape): string {
    return this.#constant('float32', shape, values);
  }

  float(value: number): string {
    return this.#constant('float32', [], Float32Array.of(value));
  }

  number(value: number, type: 'float32' | 'int32' | 'uint8' | 'bool'): string {
    if (type === 'float32') return this.float(value);
    return this.#constant(type, [], type === 'int32' ? Int32Array.of(value) : Uint8Array.of(value));
  }

  reshape(x: string, shape: Shape): string {
    return this.op('Reshape', [x, this.int64(shape)], { allowzero: 1 });
  }

  /** `x`, of this shape, with its axes in another order, then seen as the shape `to`. Where only axes of length 1 move, nothing is copied. */
  rearrange(x: string, shape: Shape, permutation: readonly number[], to: Shape): string {
    const longer = permutation.filter((axis) => shape[axis] !== 1);
    if (longer.every((axis, i) => i === 0 || axis > longer[i - 1]!)) return this.reshape(x, to);
    const moved = this.op('Transpose', [x], { perm: permutation });
    return sameShape(permutation.map((axis) => shape[axis]!), to) ? moved : this.reshape(moved, to);
  }

  #constant(type: OnnxType, shape: Shape, data: ArrayBufferView): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    // Large tables are their own; looking them up would cost more than it saves.
    const key = bytes.length <= 256 ? `${type}[${shape.join()}]${bytes.join()}` : undefined;
    const known = key === undefined ? undefined : this.#constants.get(key);
    if (known) return known;
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, type, shape, bytes });
    if (key !== undefined) this.#constants.set(key, name);
    return name;
  }
}
