import { allocate, dtypeOf, type DType, type TypedArray } from './dtype.js';
import type { EngineBuffer } from './engines/engine.js';
import { addPendingWrite, evaluate, pendingArrays, readValue, type PendingWrite } from './program/evaluation.js';
import { arithmetic, reduction, type ReductionOptions } from './recording/broadcast.js';
import { broadcastTo, cast, filled, neg, reshape, transpose } from './recording/steps.js';
import { plain, record } from './recording/record.js';
import { Value, type Storage } from './recording/value.js';
import { PreviousContents } from './recording/previous-contents.js';
import { claimForGood, isTransient, transient } from './recording/transient.js';
import { checkShape, formatShape, sameShape, sizeOf, type Shape } from './shape.js';

/**
 * What arithmetic accepts beside arrays: a number stands for an array of it, of shape `[]` and the other operand's element type (float32 beside a number).
 */
export type ArrayLike = NDArray | number;

export function valueOf(operand: NDArray): Value;
export function valueOf(operand: ArrayLike): Value | number;
export function valueOf(operand: ArrayLike): Value | number {
  return typeof operand === 'number' ? operand : operand.value;
}

/**
 * A handle on an n-dimensional array. Arithmetic makes new handles and only records; the engine runs when somebody reads. `assign` gives a handle new
 * contents; arrays computed from the old ones keep them. Methods are the functions of the same names, and throw what those throw.
 */
export class NDArray implements PendingWrite {
  #value: Value;
  #previous: PreviousContents | undefined;

  /** @internal Use `array`, `zeros` and their like. */
  constructor(value: Value) {
    if (!isTransient()) claimForGood(value);
    this.#value = value;
  }

  /** @internal The recorded value behind the handle. */
  get value(): Value {
    return this.#value;
  }

  /** @internal What it held before: of arrays that have been assigned to. */
  get previous(): PreviousContents | undefined {
    return this.#previous;
  }

  /** Lengths of the axes, outermost first; `[]` for a single number. Never changes. */
  get shape(): Shape {
    return this.#value.shape;
  }

  /** Element type. Never changes. */
  get dtype(): DType {
    return this.#value.dtype;
  }

  /** Number of elements: the product of `shape`, 1 for `[]`. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * The elements in row-major order, as a copy. Computes this array, everything else asked for in the same turn, and every pending write in one run of the
   * engine.
   *
   * @throws Error for a placeholder or what depends on one, and where the engine fails: memory exhausted, device lost.
   */
  data(): Promise<TypedArray> {
    return readValue(this.#value);
  }

  /**
   * The single element of an array of size 1, whatever its number of axes.
   *
   * @throws RangeError for any other size; and what `data` throws.
   */
  async item(): Promise<number> {
    if (this.size !== 1) throw new RangeError(`item: an array of shape ${formatShape(this.shape)} has ${this.size} elements, not one; use data()`);
    return (await this.data())[0]!;
  }

  /**
   * Gives this handle the contents of another array of the same shape and element type, or a number everywhere. The write is pending: it is computed with the
   * next read or `waitAll`.
   *
   * @throws RangeError where shape or element type differ.
   */
  assign(source: ArrayLike): this {
    if (typeof source === 'number') {
      this.#previous?.replaced(this.#value);
      this.#value = new Value(this.shape, this.dtype, { storage: new FilledStorage(this.dtype, this.size, source) });
      return this;
    }
    return this.#assign(source, false);
  }

  /**
   * Like `assign`, and promises that nothing recorded of the present contents in `transient` is asked for any more once the new ones are computed, as no
   * momentum is: the engine may then write the new ones over them. A promise not kept is an Error where the numbers are asked for.
   *
   * @throws RangeError where shape or element type differ.
   */
  overwrite(source: NDArray): this {
    return this.#assign(source, true);
  }

  #assign(source: NDArray, endsWithNext: boolean): this {
    const replaced = this.#value;
    this.assignLazily(source);
    if (source.value.isPending) {
      (this.#previous ??= new PreviousContents()).replaced(replaced, endsWithNext);
      addPendingWrite(this);
    }
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
    source.value.claim(1);
    this.#value = source.value;
    return this;
  }

  /** A handle of its own on the present contents: assigning to this one leaves that one as it is. */
  snapshot(): NDArray {
    return new NDArray(this.#value);
  }

  /** this + other, broadcast; see `add`. */
  add(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('add', this.#value, valueOf(other)));
  }

  /** this − other, broadcast; see `sub`. */
  sub(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('sub', this.#value, valueOf(other)));
  }

  /** this · other, broadcast; see `mul`. */
  mul(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('mul', this.#value, valueOf(other)));
  }

  /** this / other, broadcast; see `div`. */
  div(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('div', this.#value, valueOf(other)));
  }

  /** this to the power other, broadcast; see `pow`. */
  pow(other: ArrayLike): NDArray {
    return new NDArray(arithmetic('pow', this.#value, valueOf(other)));
  }

  /** −this, elementwise; see `neg`. */
  neg(): NDArray {
    return new NDArray(neg(this.#value));
  }

  /** this², elementwise; see `square`. */
  square(): NDArray {
    return this.mul(this);
  }

  /** Sum over all axes, giving shape `[]`, or over `axes`; see `sum`. */
  sum(options?: ReductionOptions): NDArray {
    return new NDArray(reduction('sum', this.#value, options));
  }

  /** Mean over all axes, giving shape `[]`, or over `axes`; see `mean`. */
  mean(options?: ReductionOptions): NDArray {
    return new NDArray(reduction('mean', this.#value, options));
  }

  /**
   * The same elements, in row-major order, in another shape; one length may be −1 and is worked out. See `reshape`.
   *
   * @throws RangeError where the number of elements differs.
   */
  reshape(shape: Shape): NDArray {
    return new NDArray(reshape(this.#value, completeShape(shape, this.#value.shape)));
  }

  /**
   * Axes in the order of `permutation`, which names each once: `[1, 0]` turns a matrix round. Reversed unless given. See `transpose`.
   *
   * @throws RangeError for anything that is no permutation of the axes.
   */
  transpose(permutation: readonly number[] = this.shape.map((_, axis) => this.shape.length - 1 - axis)): NDArray {
    return new NDArray(transpose(this.#value, permutation));
  }

  /**
   * Axes of length 1, and missing ones in front, repeated up to `shape`; see `broadcastTo`.
   *
   * @throws RangeError where another length would have to change.
   */
  broadcastTo(shape: Shape): NDArray {
    return new NDArray(broadcastTo(this.#value, shape));
  }

  /** The elements as another type, in the same shape; see `cast`. */
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

/** Nested lists of numbers, one level an axis: `[[1, 2], [3, 4]]` has shape `[2, 2]`, a number alone `[]`. */
export type Nested = number | readonly Nested[];

/** Shape and element type of an array made from numbers; those of the numbers unless given. */
export interface ArrayOptions {
  /** Taken from the nesting, or `[length]` of a typed array, unless given. Its product is the number of elements. */
  readonly shape?: Shape;
  /** That of a typed array (uint8 for a `Uint8Array`), else float32, unless given. */
  readonly dtype?: DType;
}

/**
 * An array with the given elements, row-major (MXNet `nd.array`). A typed array of the right type is taken as it is, without a copy: do not change it
 * afterwards.
 *
 * @throws RangeError where the number of elements does not fit the shape, a length is no whole number of at least 0, or rows of nested lists differ in
 * length.
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
    if (!sameShape(nestedShape(item), inner)) throw new RangeError('array: the nested lists differ in length; every row of an axis needs as many elements');
  }
  return [data.length, ...inner];
}

function leaf(host: TypedArray, shape: Shape, dtype: DType): NDArray {
  return new NDArray(new Value([...shape], dtype, { storage: { host } }));
}

/**
 * An array of one number everywhere (MXNet `nd.full`). It lives in memory of its own: use numbers in arithmetic, and this for state.
 *
 * @throws RangeError for a shape that is not of whole numbers of at least 0.
 */
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

/** Zeros of a shape, float32 unless given (MXNet `nd.zeros`); see `full`. */
export function zeros(shape: Shape, dtype: DType = 'float32'): NDArray {
  return full(shape, 0, dtype);
}

/** Ones of a shape, float32 unless given (MXNet `nd.ones`); see `full`. */
export function ones(shape: Shape, dtype: DType = 'float32'): NDArray {
  return full(shape, 1, dtype);
}

/**
 * One number everywhere, shape `[]` unless given, as a part of what is recorded: it takes no memory. For state that will be assigned to use `full`.
 *
 * @throws RangeError for a shape that is not of whole numbers of at least 0.
 */
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
 *
 * @throws RangeError for a shape that is not of whole numbers of at least 0.
 */
export function scratch(shape: Shape, dtype: DType = 'float32'): NDArray {
  checkShape(shape, 'scratch');
  return new ScratchArray(filled(0, shape, dtype));
}

/** The contents in an array of their own, which the next run computes whoever reads what: for what is needed again later. `snapshot` waits for a reader. */
export function keep(source: NDArray): NDArray {
  return placeholder(source.shape, source.dtype).assign(source);
}

/**
 * A number of shape `[]` that may be another one in the next step: a learning rate, say. Unlike a plain number in arithmetic it is an input of the compiled
 * program, never a part of it, so that assigning to it compiles nothing.
 */
export function scalar(value: number, dtype: DType = 'float32'): NDArray {
  const host = allocate(dtype, 1);
  host[0] = value;
  return leaf(host, [], dtype);
}

/** An array of a shape without numbers: to record with, or to be an input of `encodeOnnx`. Reading it, or what depends on it, is an Error. */
export function placeholder(shape: Shape, dtype: DType = 'float32'): NDArray {
  return new NDArray(new Value([...shape], dtype, { storage: {} }));
}

/** The elements of several arrays, row-major copies in the order given, in one run of the engine. Rejects as `data` does. */
export function read(arrays: readonly NDArray[]): Promise<TypedArray[]> {
  return Promise.all(arrays.map((item) => item.data()));
}

/** Computes every pending write (MXNet `nd.waitall`). Rejects where the engine fails, or a write depends on a placeholder. */
export function waitAll(): Promise<void> {
  return evaluate([]);
}

/**
 * Ends a step of a training without computing it: what the next steps record is computed with it, in one run, at the next read or `waitAll`. Each step is
 * compiled as it is by itself, so the numbers are the same ones, bit for bit.
 */
export function endStep(): void {
  transient(() => {
    for (const write of pendingArrays()) {
      const { value } = write;
      // What was recorded once stays folded: nobody looks at its steps.
      const isKept = !value.call && value.step?.primitive === 'kept';
      if (write instanceof NDArray && value.isPending && !isKept) write.assignLazily(new NDArray(record('kept', plain, [value])));
    }
  });
}

/** Whether the array is recorded but still to be computed. Reading, or an evaluation that needs it, settles it. */
export function isPending(item: NDArray): boolean {
  return item.value.isPending;
}

/**
 * The elements, row-major, where they are in host memory without asking an engine: arrays made from data and not computed since; undefined for others. Not a
 * copy: do not change it.
 */
export function hostData(item: NDArray): TypedArray | undefined {
  return item.value.storage?.host;
}
