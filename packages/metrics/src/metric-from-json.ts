import { create, type MetricSource } from './create.js';
import type { Metric, MetricJson } from './metric.js';
import { metricDefinitions, type MetricDefinitions } from './registry.js';

/**
 * Builds the metric that `toJSON` wrote, values included. A metric made of a function cannot be built: build it yourself and use its `fromJSON`.
 *
 * @throws TypeError for a metric made of a function or a missing field; RangeError for an unknown name; SyntaxError for text that is no JSON.
 */
export function metricFromJson(json: MetricJson | string, definitions: MetricDefinitions = metricDefinitions): Metric {
  const parsed = typeof json === 'string' ? (JSON.parse(json) as MetricJson) : json;
  return create(withoutStates(parsed), {}, definitions).fromJSON(parsed);
}

function withoutStates({ states: _, metrics, ...config }: MetricJson): MetricSource {
  if (config.metric === 'CustomMetric') {
    throw new TypeError(
      `metricFromJson: ${config.name} is made of a function, which JSON does not hold; build it with new CustomMetric(feval) and call its fromJSON`,
    );
  }
  return { ...config, ...(metrics && { metrics: metrics.map(withoutStates) }) };
}
