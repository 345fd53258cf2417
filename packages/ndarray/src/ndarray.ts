import { allocate, dtypeOf, type DType, type TypedArray } from './dtype.js';
import type { EngineBuffer } from './engines/engine.js';
import { addPendingWrite, evaluate, readValue, type PendingWrite } from './program/evaluation.js';
import { arithmetic, reduction, type ReductionOptions } from './recording/broadcast.js';
import { broadcastTo, cast, filled, neg, reshape, transpose } from './recording/steps.js';
import { Value, type Storage } from './recording/value.js';
import { checkShape, formatShape, sameShape, sizeOf, type Shape } from './shape.js';

/** What arithmetic accepts beside arrays: a number stands for an array of it. */
export type ArrayLike = NDArray | number;

export function valueOf(operand: NDArray): Value;
export function valueOf(operand: ArrayLike): Value | number;
export function valueOf(operand: ArrayLike): Value | number {
  return typeof operand === 'number' ? operand : operand.value;
}

/**
 * A handle on an n-dimensional array. Arithmetic makes new handles and only records; the engine runs when somebody reads. `assign` gives a
 * handle new contents; arrays computed from the old ones keep them.
 */
export class NDArray implements PendingWrite {
  #value: Value;

  /** @internal Use `array`, `zeros` and their like. */
  constructor(value: Value) {
    this.#value = value;
  }

  /** @internal The recorded value behind the handle. */
  get value(): Value {
    return this.#value;
  }

  get shape(): Shape {
    return this.#value.shape;
  }

  get dtype(): DType {
    return this.#value.dtype;
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * The elements in row-major order, as a copy. Computes this array, everything else asked for in the same turn, and every pending write
   * in one run of the engine.
   */
  data(): Promise<TypedArray> {
    return readValue(this.#value);
  }

  /**
   * The single element of an array of size 1.
   *
   * @throws RangeError for any other size.
   */
  async item(): Promise<number> {
    if (this.size !== 1) throw new RangeError(`item: an array of shape ${formatShape(this.shape)} has ${this.size} elements, not one; use data()`);
    return (await this.data())[0]!;
  }

  /**
   * Gives this handle the contents of another array, or a number everywhere. The write is pending: it is computed with the next read or `waitAll`.
   *
   * @throws RangeError where shape or element type differ.
   */
  assign(source: ArrayLike): this {
    if (typeof source === 'number') {
      this.#value = new Value(this.shape, this.dtype, { storage: new FilledStorage(this.dtype, this.size, source) });
      return this;
    }
    this.assignLazily(source);
    if (source.value.step) addPendingWrite(this);
    return this;
  }

  /**
   * Like `assign`, but no pending write: the new contents are computed only where something that is read needs them. For what is fed in.
   *
   * @throws RangeError where shape or element type differ.
   */
  assignLazily(source: NDArray): this {
    if (!sameShape(source.shape, this.shape)) {
      throw new RangeError(`assign: the array has shape ${formatShape(this.shape)}, the source ${formatShape(source.shape)}; reshape the source`);
    }
    if (source.dtype !== this.dtype) {
      throw new RangeError(`assign: the array holds ${this.dtype}, the source ${source.dtype}; convert it with cast(source, '${this.dtype}')`);
    }
    this.#value = source.value;
    return this;
  }

  /** A handle of its own on the present contents: assigning to this one leaves that one as it is. */
  snapshot(): NDArray {
    return new NDArray(this.#value);
  }

  add(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('add', this.#value, valueOf(other)));
  }

  sub(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('sub', this.#value, valueOf(other)));
  }

  mul(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('mul', this.#value, valueOf(other)));
  }

  div(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('div', this.#value, valueOf(other)));
  }

  pow(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('pow', this.#value, valueOf(other)));
  }

  neg(): NDArray {
    return new NDArray(neg(this.#value));
  }

  square(): NDArray {
    return this.mul(this);
  }

  sum(options?: ReductionOptions): NDArray {
    return new NDArray(reduction('sum', this.#value, options));
  }

  mean(options?: ReductionOptions): NDArray {
    return new NDArray(reduction('mean', this.#value, options));
  }

  /** The same elements, in row-major order, in another shape; one −1 is worked out. */
  reshape(shape: Shape): NDArray {
    return new NDArray(reshape(this.#value, completeShape(shape, this.#value.shape)));
  }

  /** Reorders the axes; reverses them unless told. */
  transpose(permutation: readonly number[] = this.shape.map((_, axis) => this.shape.length - 1 - axis)): NDArray {
    return new NDArray(transpose(this.#value, permutation));
  }

  broadcastTo(shape: Shape): NDArray {
    return new NDArray(broadcastTo(this.#value, shape));
  }

  /** Converts the elements; towards integers by dropping the fraction. */
  cast(dtype: DType): NDArray {
    return new NDArray(cast(this.#value, dtype));
  }
}

function completeShape(shape: Shape, from: Shape): Shape {
  const unknown = shape.indexOf(-1);
  if (unknown < 0) return shape;
  const rest = shape.reduce((product, dimension, axis) => (axis === unknown ? product : product * dimension), 1);
  const length = sizeOf(from) / rest;
  if (!Number.isInteger(length)) throw new RangeError(`reshape: ${formatShape(from)} has ${sizeOf(from)} elements, which ${formatShape(shape)} does not divide`);
  return shape.map((dimension, axis) => (axis === unknown ? length : dimension));
}

/** Nested lists of numbers, one level an axis. */
export type Nested = number | readonly Nested[];

/** Shape and type of an array from numbers; those of the numbers unless told. */
export interface ArrayOptions {
  /** Taken from the nesting, or the length, unless told. */
  readonly shape?: Shape;
  /** That of a typed array, else `float32`, unless told. */
  readonly dtype?: DType;
}

/**
 * An array with the given elements. A typed array of the right type is taken as it is, without a copy: do not change it afterwards.
 *
 * @throws RangeError where the number of elements does not fit the shape.
 */
export function array(data: TypedArray | Nested, { shape, dtype }: ArrayOptions = {}): NDArray {
  const typed = ArrayBuffer.isView(data);
  const flat: Elements = typed ? data : flatten(data);
  const finalShape = shape ?? (typed ? [data.length] : nestedShape(data));
  const finalType = dtype ?? (typed ? dtypeOf(data) : 'float32');
  checkShape(finalShape, 'array');
  if (flat.length !== sizeOf(finalShape)) {
    throw new RangeError(`array: ${flat.length} elements do not fill shape ${formatShape(finalShape)}, which has ${sizeOf(finalShape)}`);
  }
  const sample = allocate(finalType, 0);
  let host: TypedArray;
  if (typed && data.constructor === sample.constructor) host = data;
  else {
    host = allocate(finalType, flat.length);
    host.set(flat);
  }
  return leaf(host, finalShape, finalType);
}

type Elements = TypedArray | number[];

function flatten(data: Nested): number[] {
  return typeof data === 'number' ? [data] : data.flatMap(flatten);
}

function nestedShape(data: Nested): number[] {
  if (typeof data === 'number') return [];
  const [first] = data;
  const inner = first === undefined ? [] : nestedShape(first);
  for (const item of data) {
    if (nestedShape(item).join() !== inner.join()) throw new RangeError('array: the nested lists differ in length; every row of an axis needs as many elements');
  }
  return [data.length, ...inner];
}

function leaf(host: TypedArray, shape: Shape, dtype: DType): NDArray {
  return new NDArray(new Value([...shape], dtype, { storage: { host } }));
}

/** An array of one number. It lives in memory of its own: use numbers in arithmetic, and this for state. */
export function full(shape: Shape, value: number, dtype: DType = 'float32'): NDArray {
  checkShape(shape, 'full');
  return new NDArray(new Value([...shape], dtype, { storage: new FilledStorage(dtype, sizeOf(shape), value) }));
}

/** Memory of one number, taken when somebody looks: most arrays that are made so are assigned to first. */
class FilledStorage implements Storage {
  #host: TypedArray | undefined;
  buffer?: EngineBuffer;

  constructor(
    private readonly dtype: DType,
    private readonly size: number,
    private readonly number: number,
  ) {}

  get host(): TypedArray {
    if (!this.#host) {
      this.#host = allocate(this.dtype, this.size);
      if (this.number !== 0) this.#host.fill(this.number);
    }
    return this.#host;
  }
}

/** Zeros of a shape. */
export function zeros(shape: Shape, dtype: DType = 'float32'): NDArray {
  return full(shape, 0, dtype);
}

/** Ones of a shape. */
export function ones(shape: Shape, dtype: DType = 'float32'): NDArray {
  return full(shape, 1, dtype);
}

/** One number everywhere, as a part of what is recorded: it takes no memory. For state that will be assigned to use `full`. */
export function constant(value: number, shape: Shape = [], dtype: DType = 'float32'): NDArray {
  checkShape(shape, 'constant');
  return new NDArray(filled(value, shape, dtype));
}

/** Where intermediate results are put together: an assignment to it is no pending write of its own. */
class ScratchArray extends NDArray {
  override assign(source: ArrayLike): this {
    return typeof source === 'number' ? super.assign(source) : this.assignLazily(source);
  }
}

/**
 * Zeros to assign intermediate results to: unlike other arrays, what is assigned is computed only where something that is read needs it.
 */
export function scratch(shape: Shape, dtype: DType = 'float32'): NDArray {
  checkShape(shape, 'scratch');
  return new ScratchArray(filled(0, shape, dtype));
}

/**
 * A number of shape () that may be another one in the next step: a learning rate, say. Unlike a plain number in arithmetic it is an
 * input of the compiled program, never a part of it.
 */
export function scalar(value: number, dtype: DType = 'float32'): NDArray {
  return full([], value, dtype);
}

/** An array of a shape without numbers: to record with, never to be read. */
export function placeholder(shape: Shape, dtype: DType = 'float32'): NDArray {
  return new NDArray(new Value([...shape], dtype, { storage: {} }));
}

/** Reads several arrays in one run of the engine. */
export function read(arrays: readonly NDArray[]): Promise<TypedArray[]> {
  return Promise.all(arrays.map((item) => item.data()));
}

/** Computes every pending write. */
export function waitAll(): Promise<void> {
  return evaluate([]);
}

/** Whether the array still has to be computed. */
export function isPending(item: NDArray): boolean {
  return item.value.step !== undefined;
}

/** The elements where they are in host memory without asking an engine: arrays made from data and not computed since. Not a copy. */
export function hostData(item: NDArray): TypedArray | undefined {
  return item.value.storage?.host;
}
