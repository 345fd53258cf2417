import type { NDArray, Shape } from '@lossworks/ndarray';
import type { InputCheck, ParameterTable, ParameterValues } from '@lossworks/graph';

/**
 * One loss: a single entry from which the function of arrays, the operator of symbols, the documentation and the tests are derived. Names of inputs and
 * parameters are in MXNet's style (`sample_weight`); options are called by their camelCase forms.
 */
export interface Loss<Argument extends string = string, Optional extends string = string, Table extends ParameterTable = ParameterTable> {
  /** The operator's name, as it stands in symbol JSON. */
  readonly name: string;
  /** Of one element or one sample, before weights and reduction. */
  readonly formula: string;
  /** Paper, or the loss of MXNet's that it is. */
  readonly source: string;
  /** How the gradient comes about where it is not simply the derivative. */
  readonly gradient?: string;
  /** What it remembers, or what is trained along with it. */
  readonly state?: string;
  /** Other libraries that have it. */
  readonly peers: readonly string[];
  /** The first one is the data, whose first axis is the batch unless `batch_axis` says otherwise. */
  readonly inputs: readonly Argument[];
  /** Inputs that may be left out; none unless given. `sample_weight` is one of every loss. */
  readonly optionalInputs?: readonly Optional[];
  /** Its own parameters with their defaults; those of the reduction come beside. */
  readonly parameters: Table;
  /** How inputs that are trained along start, as MXNet's `__init__` attribute. */
  readonly initializers?: { readonly [A in NoInfer<Argument>]?: string };
  /** Whether a sample's loss depends on that sample alone, or on the whole batch: such a loss is no sum over parts of the batch. */
  readonly samples: 'apart' | 'together';
  /** Shapes that the data's implies for other inputs, where symbols do not have them. */
  inputShapes?(data: Shape, parameters: ParameterValues<Table>): { readonly [A in NoInfer<Argument | Optional> | 'sample_weight']?: Shape };
  /** What inputs may hold, by position among those that are there; that all hold numbers, and weights none below 0, is checked of every loss. */
  inputChecks?(parameters: ParameterValues<Table>, shapes: readonly Shape[]): readonly InputCheck[];
  /**
   * Records the losses of elements or samples, by array arithmetic.
   *
   * @param real (batch): 1 for samples, 0 for padding, which must be as if it were not there; for losses whose samples go together, where there is padding. Samples apart need not heed it.
   * @throws RangeError where shapes do not fit: it is passed on with the loss's name in front.
   */
  record(inputs: LossInputs<NoInfer<Argument>, NoInfer<Optional>>, parameters: ParameterValues<Table>, real?: NDArray): RecordedLosses;
}

/** The arrays a loss is computed from, by argument name. */
export type LossInputs<Argument extends string, Optional extends string> = { readonly [A in Argument]: NDArray } & { readonly [O in Optional]?: NDArray | undefined };

/** What an entry records: one loss an element or a sample, before weights and reduction. */
export interface RecordedLosses {
  /** Of elements, `[batch, …]`, or samples, `[batch]`. */
  readonly losses: NDArray;
  /** What a mean divides by is their sum, where not every loss counts as one; of the losses' shape. */
  readonly counts?: NDArray | undefined;
  /** Multiplies all losses; 1 unless given. Applied after the reduction, which costs less. */
  readonly factor?: number;
}
