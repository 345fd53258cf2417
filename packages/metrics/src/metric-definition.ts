import type { MetricUpdate } from './metric-update.js';

/** What a metric remembers: named numbers, and lists of them. States are values: nothing changes one in place. */
export type MetricState = { readonly [name: string]: MetricField };

/** A number, or a list of numbers or of further lists. */
export type MetricField = number | readonly MetricField[];

/** One of several values of a metric, by what is added to its name: `precision_0`. */
export type Component = readonly [suffix: string, value: number];

/** Named lists and tables of numbers. */
export type MetricDetails = { readonly [name: string]: readonly number[] | readonly (readonly number[])[] };

/**
 * A metric without its surroundings. `measure` gives the state of one update alone and `merge` joins two states, so the value of the last batch, of an
 * epoch and of several workers all come from the same measurement: accumulating *is* merging.
 */
export interface MetricDefinition<State extends MetricState = MetricState> {
  /** Nothing seen yet; the neutral element of `merge`. */
  initial(): State;
  /**
   * The state of one update alone.
   *
   * @throws RangeError where labels and predictions do not fit: `misfit` makes it.
   */
  measure(update: MetricUpdate): State;
  /** The state of having seen both; `b` is the newer one. */
  merge(a: State, b: State): State;
  /** The value of a state; NaN for the initial one. */
  compute(state: State): number;
  /** Value of `getGlobal` where it is not `compute`. */
  computeGlobal?(state: State): number;
  /** What `resetLocal` leaves, where that is not the initial state. */
  resetLocal?(state: State): State;
  /**
   * Names what `measure`, `merge` and `initial` do. Metrics of one kind differ in `compute` alone, so a composite measures once for all of them.
   */
  readonly kind?: string;
  /** The values that `compute` sums up, each behind a suffix of the metric's name: one a class. */
  components?(state: State): readonly Component[];
  /** Everything the value comes from: a matrix, the points of a curve. */
  details?(state: State): MetricDetails;
  /** The details as an SVG image. */
  draw?(state: State, title: string): string;
  /** How deep the lists of a field nest, where they do: 2 is a list of lists of numbers. A state read from JSON has to be as deep. */
  readonly depths?: { readonly [field: string]: number };
  /** Whether a state read from JSON holds together, beyond having the right fields. */
  isConsistent?(state: State): boolean;
}
