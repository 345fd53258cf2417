import { isPending, keep, read, sqrt, square, sum, type NDArray } from '@lossworks/ndarray';
import type { Executor } from './executor.js';
import { fromStart } from './monitor-callback.js';

/** What a `Monitor` keeps, of which arrays (MXNet `mx.mon.Monitor`). */
export interface MonitorOptions {
  /** What is told of an array, as an array, mostly of one number; ‖x‖₂ / √size unless given. It only records. */
  readonly statistic?: (array: NDArray) => NDArray;
  /** Only names that match from their start: a regular expression; all unless given. */
  readonly pattern?: string | RegExp;
  /** Whether entries are sorted by name; false unless given: in the order of the passes. */
  readonly sort?: boolean;
  /** Whether operators' inputs are told too; false unless given. */
  readonly monitorAll?: boolean;
}

/** One line of a monitor: the step's number, the array's name, the statistic as text. */
export type MonitorEntry = readonly [step: number, name: string, value: string];

/**
 * Statistics of everything inside executors, every few steps (MXNet `Monitor`): outputs of operators, gradients on the way back, then arguments and auxiliary
 * states. They are computed along with the step's next read.
 */
export class Monitor {
  readonly #interval: number;
  readonly #statistic: (array: NDArray) => NDArray;
  readonly #pattern: RegExp;
  readonly #sort: boolean;
  readonly #monitorAll: boolean;
  readonly #executors = new Set<Executor>();
  #queue: (readonly [step: number, name: string, value: NDArray])[] = [];
  #isActive = false;
  #step = 0;

  /**
   * @param interval of how many steps one is listened to, at least 1.
   * @throws RangeError for an interval that is no such number.
   */
  constructor(interval: number, { statistic = normPerElement, pattern = '.*', sort = false, monitorAll = false }: MonitorOptions = {}) {
    if (!Number.isInteger(interval) || interval < 1) throw new RangeError(`Monitor: the interval ${interval} must be a whole number of at least 1`);
    this.#interval = interval;
    this.#statistic = statistic;
    this.#pattern = fromStart(pattern);
    this.#sort = sort;
    this.#monitorAll = monitorAll;
  }

  /** Listens to an executor; it takes the place of that one's monitor callback. One monitor may listen to several. */
  install(executor: Executor): void {
    executor.setMonitorCallback((name, array) => this.#note(name, array), { pattern: this.#pattern, monitorAll: this.#monitorAll });
    this.#executors.add(executor);
  }

  /** Starts a step: every `interval`-th is listened to, the first one included. */
  tic(): void {
    if (this.#step % this.#interval === 0) {
      this.#queue = [];
      this.#isActive = true;
    }
    this.#step++;
  }

  /** Ends a step: what was heard, then the present arguments and auxiliary states; nothing for a step that was not listened to. */
  async toc(): Promise<MonitorEntry[]> {
    if (!this.#isActive) return [];
    // Executors for several shapes of a batch share their parameters.
    const told = new Set<NDArray>();
    const tell = (name: string, array: NDArray): void => {
      if (!told.has(array)) this.#note(name, array);
      told.add(array);
    };
    for (const { symbol, argArrays, auxArrays } of this.#executors) {
      symbol.listArguments().forEach((name, i) => tell(name, argArrays[i]!));
      symbol.listAuxiliaryStates().forEach((name, i) => tell(name, auxArrays[i]!));
    }
    this.#isActive = false;
    const queue = this.#sort ? this.#queue.toSorted(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0)) : this.#queue;
    const values = await read(queue.map(([, , value]) => value));
    return queue.map(([step, name], i) => [step, name, `${formatNumbers(values[i]!)}\t`]);
  }

  /** `toc` as lines `Batch:       1 fc1_output                     0.517`, given to the logger, `console.log` unless given (MXNet `toc_print`). */
  async tocPrint(logger: (line: string) => void = console.log): Promise<void> {
    for (const [step, name, value] of await this.toc()) logger(`Batch: ${String(step).padStart(7)} ${name.padEnd(30)} ${value}`);
  }

  #note(name: string, array: NDArray): void {
    if (!this.#isActive || !this.#pattern.test(name)) return;
    const value = this.#statistic(array.cast('float32'));
    // A pending write: it is computed with the step, and not once more from the start.
    this.#queue.push([this.#step, name, isPending(value) ? keep(value) : value]);
  }
}

function normPerElement(array: NDArray): NDArray {
  return sqrt(sum(square(array))).div(Math.sqrt(array.size));
}

function formatNumbers(values: ArrayLike<number>): string {
  return values.length === 1 ? String(values[0]) : `[${Array.from(values).join(' ')}]`;
}
