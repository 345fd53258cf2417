/** Numbers of one input. */
export interface LossInput {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export interface LossSampleInputs {
  readonly [input: string]: LossInput;
}

/** Options of a loss function as a user gives them. */
export interface LossOptions {
  readonly [option: string]: number | boolean | string;
}

/** Losses of elements or samples in plain numbers, by loops that share nothing with the library. Inputs go by their option names. */
export type LossReference = (inputs: LossSampleInputs, options: LossOptions) => number[];

export interface LossSample {
  readonly inputs: LossSampleInputs;
  readonly options?: LossOptions;
  /** Inputs whose gradient is compared with differences of the reference. */
  readonly wanted: readonly string[];
}

/** One loss in the tests. */
export interface LossInfo {
  readonly reference: LossReference;
  /** A loss of the table among itself, once a batch. */
  readonly term?: (inputs: LossSampleInputs, options: LossOptions) => number;
  readonly samples: { readonly [name: string]: LossSample };
}

/** Numbers between low and high that look random and lie on no kink. */
export function numbers(shape: readonly number[], seed: number, low = -2, high = 2): LossInput {
  const size = shape.reduce((product, length) => product * length, 1);
  let state = (seed * 2654435761 + 12345) >>> 0;
  const data = Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.fround(low + ((high - low) * (state >>> 8)) / 16777216);
  });
  return { shape, data };
}

export function given(data: readonly number[], shape: readonly number[] = [data.length]): LossInput {
  return { shape, data: data.map(Math.fround) };
}

/** Rows of a matrix. */
export function rowsOf({ shape, data }: LossInput): number[][] {
  const width = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, row) => data.slice(row * width, (row + 1) * width));
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
