import { EvalMetric, type MetricOptions, type MetricSpecification } from './eval-metric.js';

/** A constructor of one kind of metric, as it stands in the table (MXNet's registry). */
export interface MetricClass<Names extends readonly string[] = readonly string[], Parameters extends object = object> {
  /**
   * A new metric that has seen nothing.
   *
   * @throws TypeError for an option it does not have; RangeError for one outside its range.
   */
  new (options?: MetricOptions<Parameters>): EvalMetric;
  /** Names that `create` knows it by, in lower case. */
  readonly names: Names;
  /** MXNet's class name, or that of a new one: `metric` in configurations. */
  readonly className: string;
}

/** Makes the constructor of a metric from its specification: one more row of a table for `create`. */
export function metricClass<const Names extends readonly string[], Parameters extends object>(
  specification: MetricSpecification<Parameters> & { readonly names: Names },
): MetricClass<Names, Parameters> {
  return class extends EvalMetric {
    static readonly names = specification.names;
    static readonly className = specification.className;

    constructor(options?: MetricOptions<Parameters>) {
      super(specification, options);
    }
  };
}
