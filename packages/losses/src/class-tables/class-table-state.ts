import { add, div, formatShape, mul, NDArray, ones, RandomGenerator, reshape, stopGradient, sum, zeros } from '@lossworks/ndarray';
import { camelCase, createSymbol, type Operator, type ParameterTable, type Symbol } from '@lossworks/graph';
import { checkInputsAtHand } from '../functions/check-inputs.js';
import { readParameters } from '../functions/define-loss.js';
import type { Loss } from '../functions/loss.js';
import { evaluateLoss, parametersOf } from '../functions/loss-operator.js';
import type { ClassTable } from './class-table.js';
import { classTableParameters } from './class-table-operator.js';
import { centerOperators, centerTables, trainedTableLosses } from './family.js';
import { realRows } from '../functions/rows.js';
import { centerContributions, movedCenters } from './following.js';

/** Losses around centers (`centerTables`), and those with a trained table (`trainedTableLosses`). */
export type ClassTableName = keyof typeof centerTables | keyof typeof trainedTableLosses;

/** A batch for a class table. */
export interface ClassTableBatch {
  /** `[batch, dimensions]`. */
  readonly data: NDArray;
  /** `[batch]` class indices; `ringLoss` has none. */
  readonly label?: NDArray;
  /** How many leading rows are real, shape `[]`; those behind are padding. All unless given. */
  readonly validRows?: NDArray;
}

/** The size of a table, and the options of its loss. */
export interface ClassTableStateOptions {
  /** Number of classes: rows of the table. */
  readonly numClass: number;
  /** Length of a feature: columns of the table. */
  readonly dimensions: number;
  /** Seed of the first numbers of a trained table; 1 unless given. Centers start as zeros. */
  readonly seed?: number;
  /** Those of the loss, by their option names: `alpha`, `delta`, `margin`, `scale` of a margin softmax … */
  readonly [option: string]: unknown;
}

/** Symbols for a class table. */
export interface ClassTableSymbols {
  /** `[batch, dimensions]`. */
  readonly data: Symbol;
  /** `[batch]` class indices; a variable is made of a missing one. `ringLoss` has none. */
  readonly label?: Symbol;
  /** Of the loss, and the prefix of its table: `center` makes `center_center`. */
  readonly name?: string;
}

/** A loss with the table it keeps, over arrays and symbols alike. */
export interface ClassTableState {
  /** follow: the table moves after the features, and no derivative reaches it; gradient: it is trained, `vjp` with respect to it, or as an argument of a symbol. */
  readonly update: 'follow' | 'gradient';
  /** What a symbol calls the table, behind its own name: the auxiliary state `<name>_center` that follows, or the argument `<name>_<input>` that is trained. */
  readonly input: 'center' | 'proxy' | 'weight' | 'radius';
  /** Centers, proxies or class weights `[classes, dimensions]`; the radius `[1]` of `ringLoss`. Bind it to a symbol's `<name>_<input>`, and the executor moves this one. */
  readonly table: NDArray;
  /**
   * The mean over the real rows, shape `[1]`, and the table's own term; its derivative is that of what it gives. Of arrays, it uses the table as it is.
   *
   * @throws RangeError for shapes that do not fit and an empty batch, and for NaN and a class index outside the classes, where they are in host memory.
   */
  loss(batch: ClassTableBatch): NDArray;
  /**
   * The same as a symbol, whose table the executor holds: one that follows moves with the executor's `backward` and `commit`, one that is trained by the optimizer.
   *
   * @throws RangeError as creators of symbols do.
   */
  loss(symbols: ClassTableSymbols): Symbol;
  /** Adds what a batch contributes to the next `commit`; errors as `loss`. Does nothing for a table that is trained. */
  follow(batch: ClassTableBatch): void;
  /** Moves the table by all batches since the last time, as one batch of them all would. Does nothing for a table that is trained. */
  commit(): void;
}

/**
 * A loss of the center-loss family, or one with a trained table, with its state: `const centers = classTable('centerLoss', { numClass: 10, dimensions: 2 })`, then each step over arrays
 * `centers.loss({ data, label })`, `centers.follow({ data, label })` and `centers.commit()`; or once, over symbols, `makeLoss({ data: centers.loss({ data: embedding, label }) })`.
 *
 * @throws RangeError for an unknown loss or option, a label outside the classes, and data of another width.
 */
export function classTable(name: ClassTableName, options: ClassTableStateOptions): ClassTableState {
  const centers: { readonly [name: string]: ClassTable } = centerTables as never;
  const trained: { readonly [name: string]: { readonly loss: Loss; readonly operator: Operator } } = trainedTableLosses as never;
  try {
    if (Object.hasOwn(centers, name)) return centersOf(centers[name]!, centerOperators[name as keyof typeof centerOperators], options);
    if (Object.hasOwn(trained, name)) return trainedOf(trained[name]!.loss, trained[name]!.operator, options);
    throw new RangeError(`there is no such loss; there are ${Object.keys({ ...centers, ...trained }).join(', ')}`);
  } catch (error) {
    throw labelled(name, error);
  }
}

function centersOf(entry: ClassTable, operator: Operator, { numClass, dimensions, seed: _, ...options }: ClassTableStateOptions): ClassTableState {
  const { alpha, center_update } = classTableParameters;
  const given = namesOf({ ...entry.parameters, alpha, center_update }, options);
  const values = readParameters({ ...entry.parameters, alpha, center_update }, given) as { readonly alpha: number; readonly center_update: 'follow' | 'gradient' };
  const update = values.center_update;
  const table = zeros([numClass, dimensions]);
  let contributions: NDArray[] | undefined;
  const inputs = ({ data, label }: ClassTableBatch) => ({
    ...checked(entry.name, { data, label }, numClass, dimensions), center: update === 'follow' ? stopGradient(table.snapshot()) : table,
  });
  const lossOf = (batch: ClassTableBatch): NDArray => {
    const tabled = inputs(batch);
    const real = realRows(tabled.data.shape[0]!, batch.validRows);
    const losses = entry.losses(tabled, values as never);
    const mean = div(sum(real ? mul(losses, real) : losses), batch.validRows ?? losses.size);
    const term = entry.centerTerm?.(tabled.center, values as never);
    return reshape(term ? add(mean, term) : mean, [1]);
  };
  return {
    update,
    input: 'center',
    table,
    loss: overBoth(lossOf, operator, { ...given, num_class: numClass, normalization: 'batch' }),
    follow: (batch) => {
      const tabled = inputs(batch);
      if (update === 'gradient') return;
      const more = centerContributions(tabled, realRows(tabled.data.shape[0]!, batch.validRows));
      contributions = contributions?.map((part, i) => part.add(more[i]!)) ?? more;
    },
    commit: () => {
      if (contributions) table.assign(movedCenters(entry, table.snapshot(), contributions, values as never));
      contributions = undefined;
    },
  };
}

function trainedOf(loss: Loss, operator: Operator, { numClass, dimensions, seed = 1, ...options }: ClassTableStateOptions): ClassTableState {
  const given = namesOf(parametersOf(loss), options);
  const values = readParameters(parametersOf(loss), given);
  const input = loss.inputs.at(-1)! as ClassTableState['input'];
  const table = input === 'radius' ? ones([1]) : new RandomGenerator(seed).normal([numClass, dimensions]);
  const lossOf = ({ data, label, validRows }: ClassTableBatch): NDArray =>
    evaluateLoss(loss, { ...checked(loss.name, { data, ...(loss.inputs.includes('label') && { label }) }, numClass, dimensions), [input]: table }, values, validRows);
  return {
    update: 'gradient',
    input,
    table,
    loss: overBoth(lossOf, operator, { ...given, ...('num_class' in loss.parameters && { num_class: numClass }) }),
    follow: () => undefined,
    commit: () => undefined,
  };
}

/** The loss of arrays, and of symbols by its operator. */
function overBoth(ofArrays: (batch: ClassTableBatch) => NDArray, operator: Operator, parameters: { readonly [name: string]: unknown }): ClassTableState['loss'] {
  const loss = (given: ClassTableBatch | ClassTableSymbols): NDArray | Symbol => {
    if (given.data instanceof NDArray) return ofArrays(given as ClassTableBatch);
    const { data, label, name } = given as ClassTableSymbols;
    return createSymbol(operator, { name, inputs: { data, ...(label && { label }) }, parameters });
  };
  return loss as ClassTableState['loss'];
}

function checked(name: string, inputs: { readonly data: NDArray; readonly label?: NDArray | undefined }, numClass: number, dimensions: number): { data: NDArray; label: NDArray } {
  try {
    const { data, label } = inputs;
    if (data.shape.length !== 2 || data.shape[1] !== dimensions) throw new RangeError(`data has shape ${formatShape(data.shape)}; it needs [batch,${dimensions}]`);
    if (label === undefined && 'label' in inputs) throw new RangeError('label is missing; give one class index a row');
    if (label && label.size !== data.shape[0]) throw new RangeError(`label has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs [${data.shape[0]}]`);
    checkInputsAtHand({ names: ['data'], arrays: [data], checks: [{ input: 0, holds: 'numbers' }] });
    if (label) checkInputsAtHand({ names: ['label'], arrays: [label], checks: [{ input: 0, holds: 'numbers' }, { input: 0, holds: 'classes', classes: numClass }] });
    return { data, label: label! };
  } catch (error) {
    throw labelled(name, error);
  }
}

/** Options by the names of parameters. */
function namesOf(table: ParameterTable, options: { readonly [option: string]: unknown }): { readonly [name: string]: unknown } {
  const names = new Map(Object.keys(table).map((name) => [camelCase(name), name]));
  const unknown = Object.keys(options).filter((option) => !names.has(option));
  if (unknown.length > 0) throw new RangeError(`there is no option ${unknown.join(', ')}; the options are ${['numClass', 'dimensions', ...names.keys()].join(', ')}`);
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined).map(([option, value]) => [names.get(option)!, value]));
}

function labelled(name: string, error: unknown): unknown {
  if (error instanceof Error) error.message = `${name}: ${error.message}`;
  return error;
}
