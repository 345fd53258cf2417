import { add, div, formatShape, mul, ones, RandomGenerator, reshape, stopGradient, sum, zeros, type NDArray } from '@lossworks/ndarray';
import { camelCase, type ParameterTable, type ParameterValues } from '@lossworks/graph';
import { checkInputsAtHand } from '../functions/check-inputs.js';
import { readParameters } from '../functions/define-loss.js';
import type { Loss } from '../functions/loss.js';
import { evaluateLoss, parametersOf } from '../functions/loss-operator.js';
import type { ClassTable } from './class-table.js';
import { classTableParameters } from './class-table-operator.js';
import { centerTables, trainedTableLosses } from './family.js';
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

/** A loss with the table it keeps: what an executor's auxiliary state, or its trained argument, is to a symbol. */
export interface ClassTableState {
  /** follow: the table moves by `follow` and `commit`, and no derivative reaches it; gradient: it is trained, `vjp` with respect to it. */
  readonly update: 'follow' | 'gradient';
  /** Centers, proxies or class weights `[classes, dimensions]`; the radius `[1]` of `ringLoss`. */
  readonly table: NDArray;
  /**
   * The mean over the real rows, shape `[1]`, and the table's own term; an ordinary function: its derivative is that of what it gives.
   *
   * @throws RangeError for shapes that do not fit and an empty batch, and for NaN and a class index outside the classes, where they are in host memory.
   */
  loss(batch: ClassTableBatch): NDArray;
  /** Adds what a batch contributes to the next `commit`; errors as `loss`. Does nothing for a table that is trained. */
  follow(batch: ClassTableBatch): void;
  /** Moves the table by all batches since the last time, as one batch of them all would. Does nothing for a table that is trained. */
  commit(): void;
}

/**
 * A loss of the center-loss family, or one with a trained table, over arrays, with its state: `const centers = classTable('centerLoss', { numClass: 10,
 * dimensions: 2 })`, then each step `centers.loss({ data, label })`, `centers.follow({ data, label })` and `centers.commit()`.
 *
 * @throws RangeError for an unknown loss or option, a label outside the classes, and data of another width.
 */
export function classTable(name: ClassTableName, options: ClassTableStateOptions): ClassTableState {
  const centers: { readonly [name: string]: ClassTable } = centerTables as never;
  const trained: { readonly [name: string]: { readonly loss: Loss } } = trainedTableLosses as never;
  try {
    if (Object.hasOwn(centers, name)) return centersOf(centers[name]!, options);
    if (Object.hasOwn(trained, name)) return trainedOf(trained[name]!.loss, options);
    throw new RangeError(`there is no such loss; there are ${Object.keys({ ...centers, ...trained }).join(', ')}`);
  } catch (error) {
    throw labelled(name, error);
  }
}

function centersOf(entry: ClassTable, { numClass, dimensions, seed: _, ...options }: ClassTableStateOptions): ClassTableState {
  const { alpha } = classTableParameters;
  const values = valuesOf({ ...entry.parameters, alpha }, options) as { readonly alpha: number };
  const table = zeros([numClass, dimensions]);
  let contributions: NDArray[] | undefined;
  const inputs = ({ data, label }: ClassTableBatch) => ({ ...checked(entry.name, { data, label }, numClass, dimensions), center: stopGradient(table.snapshot()) });
  return {
    update: 'follow',
    table,
    loss: (batch) => {
      const given = inputs(batch);
      const real = realRows(given.data.shape[0]!, batch.validRows);
      const losses = entry.losses(given, values as never);
      const mean = div(sum(real ? mul(losses, real) : losses), batch.validRows ?? losses.size);
      const term = entry.centerTerm?.(given.center, values as never);
      return reshape(term ? add(mean, term) : mean, [1]);
    },
    follow: (batch) => {
      const given = inputs(batch);
      const more = centerContributions(given, realRows(given.data.shape[0]!, batch.validRows));
      contributions = contributions?.map((part, i) => part.add(more[i]!)) ?? more;
    },
    commit: () => {
      if (contributions) table.assign(movedCenters(entry, table.snapshot(), contributions, values as never));
      contributions = undefined;
    },
  };
}

function trainedOf(loss: Loss, { numClass, dimensions, seed = 1, ...options }: ClassTableStateOptions): ClassTableState {
  const values = valuesOf(parametersOf(loss), options);
  const input = loss.inputs.at(-1)!;
  const table = input === 'radius' ? ones([1]) : new RandomGenerator(seed).normal([numClass, dimensions]);
  return {
    update: 'gradient',
    table,
    loss: ({ data, label, validRows }) => evaluateLoss(loss, { ...checked(loss.name, { data, ...(loss.inputs.includes('label') && { label }) }, numClass, dimensions), [input]: table }, values, validRows),
    follow: () => undefined,
    commit: () => undefined,
  };
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

function valuesOf(table: ParameterTable, options: { readonly [option: string]: unknown }): ParameterValues<ParameterTable> {
  const names = new Map(Object.keys(table).map((name) => [camelCase(name), name]));
  const unknown = Object.keys(options).filter((option) => !names.has(option));
  if (unknown.length > 0) throw new RangeError(`there is no option ${unknown.join(', ')}; the options are ${['numClass', 'dimensions', ...names.keys()].join(', ')}`);
  return readParameters(table, Object.fromEntries(Object.entries(options).map(([option, value]) => [names.get(option)!, value]))) as ParameterValues<ParameterTable>;
}

function labelled(name: string, error: unknown): unknown {
  if (error instanceof Error) error.message = `${name}: ${error.message}`;
  return error;
}
