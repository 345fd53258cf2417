import { CompositeEvalMetric } from '../composite.js';
import type { MetricSource } from '../create.js';
import type { HostArray } from '../host-array.js';
import { sizeOf } from '../host-array.js';
import type { MetricJson, NamedArrays } from '../metric.js';
import { checkWhole } from '../option-checks.js';
import { remaking } from './remaking.js';

/** How many resampled copies are kept, and the seed of the resampling. */
export interface BootstrapOptions {
  /** Metrics that each see other samples, a whole number of at least 2, default 100. */
  readonly replicas?: number;
  /** Seeds the resampling, default 0: the same seed and updates give the same interval. */
  readonly seed?: number;
}

/**
 * A metric with the spread of its value: the first of its metrics sees every sample, each replica every sample as often as a Poisson number of mean 1 says
 * (the bootstrap for data that come in batches, Hanley & MacGibbon 2006). A sample is an index of the first axis, the same in labels and predictions.
 */
export class BootstrapMetric extends CompositeEvalMetric {
  readonly #seed: number;
  #updates = 0;

  /**
   * `metric` is a name, a configuration or a function: what can be made again and again.
   *
   * @throws RangeError for fewer than 2 replicas or an unknown name; TypeError for a metric that is made already.
   */
  constructor(metric: MetricSource, { replicas = 100, seed = 0 }: BootstrapOptions = {}) {
    checkWhole('BootstrapMetric', 'replicas', replicas, 2);
    super(Array.from({ length: replicas + 1 }, remaking('BootstrapMetric', metric)), { name: 'bootstrap' });
    this.#seed = seed;
  }

  /**
   * Accumulates one batch: `[samples, …]` labels and predictions, of which each replica sees its own draw.
   *
   * @throws RangeError or TypeError where the metric cannot read the arrays.
   */
  override update(labels: HostArray | readonly HostArray[], preds: HostArray | readonly HostArray[]): void {
    const lists = [labels, preds].map(arrays => [arrays].flat() as HostArray[]) as [HostArray[], HostArray[]];
    const samples = [...lists[0], ...lists[1]][0]?.shape[0] ?? 0;
    const draw = poisson(this.#seed * 7919 + this.#updates++);
    this.metrics.forEach((metric, replica) => {
      if (replica === 0) return metric.update(...lists);
      const rows = Array.from({ length: samples }, (_, row) => new Array<number>(draw()).fill(row)).flat();
      // A small batch may leave a replica without a sample.
      if (rows.length > 0) metric.update(lists[0].map(array => take(array, rows)), lists[1].map(array => take(array, rows)));
    });
  }

  /** The same of the arrays that `labelNames` and `outputNames` pick; null picks all. */
  override updateDict(labels: NamedArrays, preds: NamedArrays): void {
    const valuesOf = (arrays: NamedArrays, names: readonly string[] | null): HostArray[] => {
      const entries = arrays instanceof Map ? [...(arrays as ReadonlyMap<string, HostArray>)] : Object.entries(arrays);
      return (names ? names.flatMap(name => entries.filter(([key]) => key === name)) : entries).map(([, array]) => array);
    };
    this.update(valuesOf(labels, this.labelNames), valuesOf(preds, this.outputNames));
  }

  /** The value of all samples since `reset`, and between which values the middle `level` (a share, default 0.95) of the replicas lie. */
  interval(level = 0.95): { value: number; low: number; high: number } {
    return this.#spread(super.getGlobalNameValue(), level);
  }

  /** The local value and the bounds of the middle 95 %: `accuracy`, `accuracy_low`, `accuracy_high`. */
  override getNameValue(): [name: string, value: number][] {
    return this.#named(super.getNameValue());
  }

  /** The value since `reset` and the bounds of the middle 95 %. */
  override getGlobalNameValue(): [name: string, value: number][] {
    return this.#named(super.getGlobalNameValue());
  }

  /** The value of the last update and the bounds of the middle 95 %. */
  override getLastNameValue(): [name: string, value: number][] {
    return this.#named(super.getLastNameValue());
  }

  /** The metrics' states, and how many updates were drawn. */
  override toJSON(): MetricJson {
    return { ...super.toJSON(), updates: this.#updates };
  }

  /**
   * Takes over the states of `toJSON`; the draws go on where they were.
   *
   * @throws TypeError for another number of replicas or another metric.
   */
  override fromJSON(json: MetricJson): this {
    this.#updates = Number(json.updates ?? 0);
    return super.fromJSON(json);
  }

  #named(values: readonly (readonly [name: string, value: number])[]): [name: string, value: number][] {
    const { value, low, high } = this.#spread(values, 0.95);
    const name = this.metrics[0]!.name;
    return [[name, value], [`${name}_low`, low], [`${name}_high`, high]];
  }

  #spread(values: readonly (readonly [name: string, value: number])[], level: number): { value: number; low: number; high: number } {
    const [value = Number.NaN, ...replicas] = values.map(([, each]) => each);
    const sorted = replicas.filter(each => !Number.isNaN(each)).sort((a, b) => a - b);
    const quantile = (share: number): number => {
      const at = share * (sorted.length - 1);
      const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN];
      return below + (above - below) * (at - Math.floor(at));
    };
    return { value, low: quantile((1 - level) / 2), high: quantile((1 + level) / 2) };
  }
}

function take({ data, shape }: HostArray, rows: readonly number[]): HostArray {
  const width = sizeOf(shape.slice(1));
  return { data: rows.flatMap(row => Array.from({ length: width }, (_, i) => data[row * width + i]!)), shape: [rows.length, ...shape.slice(1)] };
}

/** Poisson numbers of mean 1 from uniform ones (Knuth), those from a hash of a counter. */
function poisson(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return () => {
    let count = 0;
    for (let product = uniform(); product > Math.exp(-1); product *= uniform()) count++;
    return count;
  };
}
