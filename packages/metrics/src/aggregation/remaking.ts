import { create, type MetricSource } from '../create.js';
import type { Metric } from '../metric.js';

/** Makes the same metric again and again, for wrappers that hold several. */
export function remaking(className: string, metric: MetricSource): () => Metric {
  if (typeof metric === 'object' && 'update' in metric) throw new TypeError(`${className}: a metric cannot be made again and again; give its name, configuration or function`);
  return () => create(metric);
}
