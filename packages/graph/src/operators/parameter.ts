/** One operator parameter: how its attribute string reads and what it is without one. */
export interface Parameter<T> {
  /** For errors and documentation: `int >= 1`, `tuple of int`, `null | batch | valid`. */
  readonly kind: string;
  /** What it is for, in a sentence: for documentation. */
  readonly description: string;
  /** `undefined` with `required: true`, else the value when nothing is given. */
  readonly fallback: T;
  /** Whether it has to be given; see `fallback`. */
  readonly required: boolean;
  /**
   * Reads MXNet's attribute text (`"True"`, `"(2, 2)"`, `"3"`).
   *
   * @throws RangeError that says what is accepted.
   */
  parse(text: string): T;
  /** Writes the value as MXNet does (`True`, `(2, 2)`). */
  format(value: T): string;
}

/** The parameters of an operator by MXNet's name. */
export interface ParameterTable {
  /** MXNet's name (`num_hidden`) to what is accepted under it. */
  readonly [name: string]: Parameter<unknown>;
}

/** The table of an operator that has none. */
export type NoParameters = Readonly<Record<never, never>>;

/** The values that a table of parameters describes. */
export type ParameterValues<Table extends ParameterTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Parameter<infer T> ? T : never;
};
