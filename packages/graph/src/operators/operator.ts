import type { NDArray, RandomGenerator, Shape } from '@lossworks/ndarray';
import type { InputCheck } from './input-check.js';
import type { ParameterTable, ParameterValues } from './parameter.js';

/**
 * One operator: a single entry that holds everything the graph needs to know about it. Passes read the entry and never ask for a name.
 * Names of operators, arguments and parameters are MXNet's (`FullyConnected`, `weight`, `num_hidden`).
 */
export interface Operator<Table extends ParameterTable = ParameterTable> {
  /** MXNet's name, as it stands in symbol JSON. */
  readonly name: string;
  /** Other names that create the same operator; each is its own hint for automatic names. */
  readonly aliases?: readonly string[];
  /** The parameters with their defaults: this one literal is the type, the parser's table and the documentation. */
  readonly parameters: Table;
  /** Whether attributes beyond the table are parameters too, kept as texts (`Custom`, whose operator type reads them). */
  readonly openParameters?: boolean;
  /** Argument names in order; auxiliary states are named apart. A missing one becomes the variable `<operator>_<argument>`. */
  inputs(parameters: ParameterValues<Table>): readonly string[];
  /** The parameter that counts the inputs where their number is free (`num_args`): filled in from the inputs given. */
  readonly countParameter?: keyof Table & string;
  /** Names of the auxiliary states in order; none unless given. A missing one becomes the variable `<operator>_<state>`. */
  auxiliaryStates?(parameters: ParameterValues<Table>): readonly string[];
  /** Attributes for variables this operator creates, such as `__init__`; keyed by argument or auxiliary state. */
  readonly variableAttributes?: { readonly [argument: string]: { readonly [attribute: string]: string } };
  /** Output names; `['output']` unless given. */
  outputs?(parameters: ParameterValues<Table>): readonly string[];
  /** How many more outputs MXNet counts for it in `node_row_ptr` of symbol JSON (masks, workspaces) but never shows; 0 unless given. */
  hiddenOutputs?(parameters: ParameterValues<Table>): number;
  /**
   * What the known shapes imply for the unknown ones, in either direction. A dimension of 0 and a missing shape are unknown. Left out, it implies nothing;
   * output shapes of known inputs always come from recording itself.
   *
   * @throws RangeError where shapes do not fit: it is passed on with node and operator in front.
   */
  completeShapes?(shapes: NodeShapes, parameters: ParameterValues<Table>): NodeShapes;
  /** Arguments that a forward pass overwrites with one number, by argument name (MXNet's BatchNorm sets gamma to 1 while `fix_gamma` holds). */
  fixedInputs?(parameters: ParameterValues<Table>): { readonly [argument: string]: number };
  /**
   * Records the outputs, one an output name. Called with placeholders too, to learn the output shapes: it must not read values there.
   *
   * @throws RangeError where inputs do not fit: it is passed on with node and operator in front.
   */
  record(call: Call<Table>): readonly NDArray[] | Promise<readonly NDArray[]>;
  /**
   * The operator's own gradient, one entry an input, of its shape (null: none), only where it is *not* the derivative of what was recorded (output layers,
   * `BlockGrad`, custom operators). May be asynchronous and may assign to auxiliary states.
   */
  gradient?(call: BackwardCall<Table>): readonly (NDArray | null)[] | Promise<readonly (NDArray | null)[]>;
  /** Whether `backward` uses the head gradient; false for loss layers. True unless given. */
  usesHeadGradient?(parameters: ParameterValues<Table>): boolean;
  /** Arguments whose gradient must not be asked for, since they are indices: binding refuses it. */
  readonly withoutGradient?: readonly string[];
  /** Set where `record` or `gradient` may read values or assign to arrays: such an operator runs only when it is really meant to. */
  readonly hasEffects?: boolean;
  /** Whether `record` or `gradient` may record something else at the next pass of the same shapes: functions that users write look at variables of theirs. */
  recordsAnew?(parameters: ParameterValues<Table>): boolean;
  /** Whether its outputs are kept for the way back even where a binding computes others again: they cost much, or join branches. */
  readonly isKept?: boolean;
  /** What inputs may hold, in the order in which it is checked: where their numbers are at hand, and on request where the engine computes them. */
  inputChecks?(parameters: ParameterValues<Table>, shapes: readonly Shape[]): readonly InputCheck[];
  /** Auxiliary states that collect contributions over micro-batches (and workers) and change once a step. */
  readonly contribution?: Contribution<Table>;
}

/** Shapes around one node while they are being inferred; undefined, and a dimension of 0, is unknown. */
export interface NodeShapes {
  /** Of arguments, in the operator's order. */
  readonly inputs: readonly (Shape | undefined)[];
  /** Of auxiliary states, in the operator's order. */
  readonly auxiliaryStates: readonly (Shape | undefined)[];
  /** Of outputs, in the operator's order. */
  readonly outputs: readonly (Shape | undefined)[];
}

/** One use of an operator in a forward pass. */
export interface Call<Table extends ParameterTable = ParameterTable> {
  /** The node's name, for errors. */
  readonly name: string;
  /** The parsed parameters, with defaults filled in. */
  readonly parameters: ParameterValues<Table>;
  /** Arguments, in the operator's order. */
  readonly inputs: readonly NDArray[];
  /** Auxiliary states, in the operator's order, as they are before the step. */
  readonly auxiliaryStates: readonly NDArray[];
  /** Whether this is training. */
  readonly isTrain: boolean;
  /** Source of random numbers: the binding's. */
  readonly random: RandomGenerator;
  /** What the operator keeps for itself from one pass to the next, one object a node of a bound symbol. */
  readonly memory: { [key: string]: unknown };
  /** How many leading rows of the batch are real, shape `[]`; undefined when all are. Rows behind them are padding. */
  readonly validRows: NDArray | undefined;
}

/** The same use on the way back. */
export interface BackwardCall<Table extends ParameterTable = ParameterTable> extends Call<Table> {
  /** What the forward pass recorded, in the operator's order. */
  readonly outputs: readonly NDArray[];
  /** Gradient with respect to each output, of its shape; null where nothing flows back into it. */
  readonly outputGradients: readonly (NDArray | null)[];
  /** Per input: whether anybody wants its gradient. */
  readonly wanted: readonly boolean[];
}

/**
 * State that changes once a step: every backward pass contributes (sums and counts: contributions add up), the step commits.
 * k micro-batches of b rows commit the same state as one batch of k·b rows.
 */
export interface Contribution<Table extends ParameterTable = ParameterTable> {
  /**
   * Workers that share a batch keep states of their own, as moving averages do in MXNet; false unless given: what all of them contribute changes one state.
   */
  readonly perWorker?: boolean;
  /** What a backward pass adds: arrays whose sums over micro-batches are those of the whole batch, in an order of its own. May be none. */
  contribute(call: BackwardCall<Table>): readonly NDArray[];
  /** New values of the auxiliary states, in their order and shapes, from the contributions added up. */
  commit(auxiliaryStates: readonly NDArray[], contributions: readonly NDArray[], parameters: ParameterValues<Table>): readonly NDArray[];
}
