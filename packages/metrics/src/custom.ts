import { EvalMetric, type MetricNaming } from './eval-metric.js';
import type { HostArray } from './host-array.js';
import type { MetricConfig } from './metric.js';
import { pairsOf, zipped, type MetricUpdate } from './metric-update.js';
import { tally, type Tally } from './state/tally.js';

/** Judges one pair: a number, averaged over pairs, or a sum with what it is to be divided by. */
export type MetricFunction = (label: HostArray, pred: HostArray) => number | readonly [sum: number, count: number];

/** Options of a metric that is a function (MXNet `CustomMetric`). */
export interface CustomMetricOptions extends MetricNaming {
  /** Pair labels and predictions as far as both reach, leaving the rest unread. */
  readonly allowExtraOutputs?: boolean;
}

/** A metric made of a function (MXNet `CustomMetric`). Its default name is the function's, `custom(<lambda>)` for one without. */
export class CustomMetric extends EvalMetric {
  constructor(feval: MetricFunction, options: CustomMetricOptions = {}) {
    if (typeof feval !== 'function') throw new TypeError(`CustomMetric: feval is ${typeof feval}; give a function of (label, pred)`);
    const name = feval.name || '<lambda>';
    super(
      {
        className: 'CustomMetric',
        displayName: name.includes('<') ? `custom(${name})` : name,
        parameters: { allowExtraOutputs: false },
        define: ({ allowExtraOutputs }: { allowExtraOutputs: boolean }) => ({
          ...tally,
          measure: (update: MetricUpdate) => judge(feval, allowExtraOutputs, update),
        }),
      },
      options,
    );
  }

  /** A function has no configuration: throws. `toJSON` works, for `fromJSON` of a metric made of the same function. */
  override getConfig(): MetricConfig {
    throw new TypeError(
      `${this.name}: a metric made of a function has no configuration; build it with new CustomMetric(feval) and restore its values with fromJSON`,
    );
  }
}

/** MXNet's `mx.metric.np`: a metric made of a function over host arrays. */
export function np(feval: MetricFunction, name?: string, allowExtraOutputs = false): CustomMetric {
  return new CustomMetric(feval, { name, allowExtraOutputs });
}

function judge(feval: MetricFunction, allowExtraOutputs: boolean, update: MetricUpdate): Tally {
  const pairs = allowExtraOutputs ? zipped(update) : pairsOf(update);
  return pairs
    .map(({ label, pred }) => {
      const [sum, count] = [feval(label, pred)].flat() as [unknown, unknown?];
      if (typeof sum !== 'number' || (count !== undefined && typeof count !== 'number')) {
        throw new TypeError(`${update.metric}: the function returned ${JSON.stringify(sum)}; it must return a number or [sum, count]`);
      }
      return { sum, count: count ?? 1 };
    })
    .reduce(tally.merge, tally.initial());
}
