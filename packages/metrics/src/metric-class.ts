import { EvalMetric, type MetricOptions, type MetricSpecification } from './eval-metric.js';

/** A constructor of one kind of metric, as it stands in the table (MXNet's registry). */
export interface MetricClass<Name extends string = string, Parameters extends object = object, ClassName extends string = string> {
  /**
   * A new metric that has seen nothing.
   *
   * @throws TypeError for an option it does not have; RangeError for one outside its range.
   */
  new (options?: MetricOptions<Parameters>): EvalMetric;
  /** Names that `create` knows it by, in lower case, the class name the last of them. */
  readonly names: readonly Name[];
  /** MXNet's class name, or that of a new one: `metric` in configurations. */
  readonly className: ClassName;
}

/** Makes the constructor of a metric from its specification: one more row of a table for `create`. */
export function metricClass<const ClassName extends string, const Name extends string = never, Parameters extends object = object>(
  specification: MetricSpecification<Parameters> & { readonly className: ClassName; readonly names?: readonly Name[] },
): MetricClass<Name | Lowercase<ClassName>, Parameters, ClassName> {
  const { className, names = [] } = specification;
  return class extends EvalMetric {
    static readonly names = [...new Set([...names, className.toLowerCase() as Lowercase<ClassName>])];
    static readonly className = className;

    constructor(options?: MetricOptions<Parameters>) {
      super(specification, options);
    }
  };
}
