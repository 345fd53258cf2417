import type { NDArray } from '@lossworks/ndarray';
import type { ParameterTable, ParameterValues } from '@lossworks/graph';

/** What a loss around class centers is recorded from. */
export interface ClassTableInputs {
  /** `[batch, dimensions]`. */
  readonly data: NDArray;
  /** `[batch]` class indices. */
  readonly label: NDArray;
  /** `[classes, dimensions]`. */
  readonly center: NDArray;
}

/**
 * A loss of features around one center a class: a single entry from which the operator, its state, the documentation and the tests are derived. Centers
 * are an auxiliary state that follows the features by equation 4 of the center-loss paper, or an argument that the optimizer trains.
 */
export interface ClassTable<Table extends ParameterTable = ParameterTable> {
  /** The operator's name. */
  readonly name: string;
  /** Of one sample; D is ½ squared distance, C the table's term of the whole batch. */
  readonly formula: string;
  /** The paper it is from. */
  readonly source: string;
  /** Other libraries that have it. */
  readonly peers: readonly string[];
  /** Parameters beside those of every class table. */
  readonly parameters: Table;
  /** Loss of each sample, shape `[batch]`, by array arithmetic. */
  losses(inputs: ClassTableInputs, parameters: ParameterValues<Table>): NDArray;
  /** A loss of the centers among themselves, shape `[]`, added once a batch: centers that follow are moved by its negative gradient too. */
  centerTerm?(center: NDArray, parameters: ParameterValues<Table>): NDArray;
}

/** Types an entry by its own parameters; `classTableOperator` makes its operator. */
export function defineClassTable<const Table extends ParameterTable>(table: ClassTable<Table>): ClassTable<Table> {
  return table;
}
