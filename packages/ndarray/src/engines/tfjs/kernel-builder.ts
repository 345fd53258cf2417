import type { DType, TypedArray } from '../../dtype.js';
import { sameShape, sizeOf, type Shape } from '../../shape.js';

/** Where a kernel call's operand or result stands among the tensors of a run. */
export type Slot = number;

/** Operands by TensorFlow.js's names for them, or a list for the kernels that take one. */
export type KernelInputs = { readonly [name: string]: Slot } | readonly Slot[];

export interface KernelCall {
  readonly kernel: string;
  readonly inputs: KernelInputs;
  readonly attributes: object;
  readonly outputs: readonly Slot[];
}

/** Numbers that are part of a program. */
export interface HostConstant {
  readonly data: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Collects a program's kernel calls in order. Equal calls are one. */
export class KernelBuilder {
  readonly calls: KernelCall[] = [];
  readonly constants = new Map<Slot, HostConstant>();
  readonly #shared = new Map<string, readonly Slot[]>();
  /** How many slots there are; those of the program's inputs come first. */
  slots: number;

  /** @param has whether the back end has a kernel of that name, and it computes what it should. */
  constructor(inputs: number, readonly has: (kernel: string) => boolean) {
    this.slots = inputs;
  }

  op(kernel: string, inputs: KernelInputs, attributes: object = {}): Slot {
    return this.opMany(kernel, inputs, attributes, 1)[0]!;
  }

  opMany(kernel: string, inputs: KernelInputs, attributes: object, count: number): readonly Slot[] {
    return this.#once(`${kernel} ${JSON.stringify([inputs, attributes], exactly)}`, count, (outputs) => this.calls.push({ kernel, inputs, attributes, outputs }));
  }

  constant(data: TypedArray, shape: Shape, dtype: DType): Slot {
    return this.#once(`${dtype}[${shape.join()}] ${[...data].map((value) => exactly('', value)).join()}`, 1, ([slot]) => this.constants.set(slot!, { data, shape, dtype }))[0]!;
  }

  #once(key: string, count: number, add: (outputs: readonly Slot[]) => void): readonly Slot[] {
    const known = this.#shared.get(key);
    if (known) return known;
    const outputs = Array.from({ length: count }, () => this.slots++);
    this.#shared.set(key, outputs);
    add(outputs);
    return outputs;
  }

  reshape(x: Slot, from: Shape, to: Shape): Slot {
    return sameShape(from, to) ? x : this.op('Reshape', { x }, { shape: [...to] });
  }

  /** A transposition; a reshape where only axes of length 1 move past others. */
  transpose(x: Slot, shape: Shape, perm: readonly number[]): Slot {
    const moving = perm.filter((axis) => shape[axis] !== 1);
    const keepsOrder = moving.every((axis, i) => i === 0 || moving[i - 1]! < axis);
    const result = perm.map((axis) => shape[axis]!);
    return keepsOrder ? this.reshape(x, shape, result) : this.op('Transpose', { x }, { perm: [...perm] });
  }

  slice(x: Slot, shape: Shape, begin: readonly number[], size: readonly number[]): Slot {
    return sameShape(shape, size) ? x : this.op('Slice', { x }, { begin: [...begin], size: [...size] });
  }

  stridedSlice(x: Slot, begin: readonly number[], end: readonly number[], strides: readonly number[]): Slot {
    return this.op('StridedSlice', { x }, { begin: [...begin], end: [...end], strides: [...strides], beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 });
  }

  pad(x: Slot, before: readonly number[], after: readonly number[], constantValue = 0): Slot {
    if (before.every((count) => count === 0) && after.every((count) => count === 0)) return x;
    return this.op('PadV2', { x }, { paddings: before.map((count, i) => [count, after[i]!]), constantValue });
  }

  /** Puts `factor − 1` zeros between neighbours along an axis. */
  spread(x: Slot, shape: Shape, axis: number, factor: number): Slot {
    if (factor === 1) return x;
    const length = shape[axis]!;
    const outside = sizeOf(shape.slice(0, axis));
    const inside = sizeOf(shape.slice(axis + 1));
    const single = this.reshape(x, shape, [outside * length, 1, inside]);
    const wide = this.pad(single, [0, 0, 0], [0, factor - 1, 0]);
    const whole = this.reshape(wide, [outside * length, factor, inside], [outside, length * factor, inside]);
    const spreadLength = (length - 1) * factor + 1;
    const cut = this.slice(whole, [outside, length * factor, inside], [0, 0, 0], [outside, spreadLength, inside]);
    return this.reshape(cut, [outside, spreadLength, inside], shape.map((each, i) => (i === axis ? spreadLength : each)));
  }
}

/** JSON knows neither −0 nor what is not finite. */
function exactly(_: string, value: unknown): unknown {
  return typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)) ? `${Object.is(value, -0) ? '-0' : value}` : value;
}
