import { EvalMetric, type MetricNaming } from './eval-metric.js';
import type { HostArray } from './host-array.js';
import type { MetricConfig } from './metric.js';
import { pairsOf, zipped, type MetricUpdate } from './metric-update.js';
import { addSums, nearest, type ExactSum } from './state/exact-sum.js';
import { mergeFields } from './state/merge-fields.js';
import { tally } from './state/tally.js';

/** Judges one pair: a number, averaged over pairs, or a sum with what it is to be divided by. Host arrays of the shapes `update` was given. */
export type MetricFunction = (label: HostArray, pred: HostArray) => number | readonly [sum: number, count: number];

/** Options of a metric that is a function (MXNet `CustomMetric`). */
export interface CustomMetricOptions extends MetricNaming {
  /**
   * Pair labels and predictions as far as both reach, leaving the rest unread; default false, which refuses lists of different lengths (MXNet
   * `allow_extra_outputs`).
   */
  readonly allowExtraOutputs?: boolean;
}

/** A metric made of a function (MXNet `CustomMetric`): Σ of what it returns / count. Its default name is the function's, `custom(<lambda>)` for one without. */
export class CustomMetric extends EvalMetric {
  /**
   * @throws TypeError unless `feval` is a function, or for an unknown option; in `update`, where the function returns no number and no `[sum,
   * count]`.
   */
  constructor(feval: MetricFunction, options: CustomMetricOptions = {}) {
    if (typeof feval !== 'function') throw new TypeError(`CustomMetric: feval is ${typeof feval}; give a function of (label, pred)`);
    const name = feval.name || '<lambda>';
    super(
      {
        className: 'CustomMetric',
        displayName: name.includes('<') ? `custom(${name})` : name,
        parameters: { allowExtraOutputs: false },
        define: ({ allowExtraOutputs }: { allowExtraOutputs: boolean }) => ({
          ...weighted,
          measure: (update: MetricUpdate) => judge(feval, allowExtraOutputs, update),
        }),
      },
      options,
    );
  }

  /**
   * A function has no configuration. `toJSON` works, for `fromJSON` of a metric made of the same function.
   *
   * @throws TypeError always.
   */
  override getConfig(): MetricConfig {
    throw new TypeError(
      `${this.name}: a metric made of a function has no configuration; build it with new CustomMetric(feval) and restore its values with fromJSON`,
    );
  }
}

/**
 * A metric made of a function over host arrays (MXNet `mx.metric.np`).
 *
 * @throws TypeError unless `feval` is a function.
 */
export function np(feval: MetricFunction, name?: string, allowExtraOutputs = false): CustomMetric {
  return new CustomMetric(feval, { name, allowExtraOutputs });
}

/** As a tally, but what the sum is divided by may be anything, such as a sum of weights. */
type Weighted = { readonly sum: ExactSum; readonly count: ExactSum };

const weighted = {
  initial: (): Weighted => ({ sum: [], count: [] }),
  merge: mergeFields<Weighted>({ sum: addSums, count: addSums }),
  compute: ({ sum, count }: Weighted): number => tally.compute({ sum, count: nearest(count) }),
};

function judge(feval: MetricFunction, allowExtraOutputs: boolean, update: MetricUpdate): Weighted {
  const pairs = allowExtraOutputs ? zipped(update) : pairsOf(update);
  return pairs
    .map(({ label, pred }) => {
      const [sum, count] = [feval(label, pred)].flat() as [unknown, unknown?];
      if (typeof sum !== 'number' || (count !== undefined && typeof count !== 'number')) {
        throw new TypeError(`${update.metric}: the function returned ${JSON.stringify(sum)}; it must return a number or [sum, count]`);
      }
      return { sum: [sum], count: [count ?? 1] };
    })
    .reduce(weighted.merge, weighted.initial());
}
