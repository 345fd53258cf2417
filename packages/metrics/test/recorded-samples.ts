import { inParts, recordedMetrics } from '../../testing/src/metrics/recorded-metrics.js';
import type { MetricName } from '../src/index.js';
import type { MetricSample } from './metric-samples.js';

const recorded = recordedMetrics();

/** Every recorded case that is one number, as a sample: the laws hold for it in any split. */
export const recordedSamples: readonly (MetricSample & { readonly className: string })[] = recorded.cases.flatMap(({ metric, input, options, value }) =>
  value === undefined
    ? []
    : [
        {
          className: metric,
          title: `${metric} of ${input} ${JSON.stringify(options)}`,
          metric: metric.toLowerCase() as MetricName,
          options,
          averages: 'data' as const,
          batches: (sizes: readonly number[]) => inParts(recorded.inputs[input]!, sizes),
          expected: value,
          // Some of the recorded values came through float32.
          digits: 6,
        },
      ],
);
