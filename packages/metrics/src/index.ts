export { create, type CreateOptions, type MetricSource } from './create.js';
export { CompositeEvalMetric } from './composite.js';
export { CustomMetric, np, type CustomMetricOptions, type MetricFunction } from './custom.js';

export { Accuracy } from './classification/accuracy.js';
export { TopKAccuracy } from './classification/top-k-accuracy.js';
export { F1 } from './classification/f1.js';
export { MCC } from './classification/mcc.js';
export { PCC } from './classification/pcc.js';
export { Perplexity } from './classification/perplexity.js';
export { CrossEntropy } from './classification/cross-entropy.js';
export { NegativeLogLikelihood } from './classification/negative-log-likelihood.js';
export { MAE } from './regression/mae.js';
export { MSE } from './regression/mse.js';
export { RMSE } from './regression/rmse.js';
export { PearsonCorrelation } from './regression/pearson-correlation.js';
export { Caffe, Loss, Torch } from './loss/loss.js';
export { CenterLoss } from './loss/center-loss.js';

export { EvalMetric, type MetricNaming, type MetricOptions, type MetricSpecification } from './eval-metric.js';
export type { Metric, MetricConfig, MetricJson, NamedArrays } from './metric.js';
export { metricFromJson } from './metric-from-json.js';
export { checkLabelShapes, type CheckLabelShapesOptions } from './check-label-shapes.js';
export type { HostArray } from './host-array.js';

export { findMetric, metricDefinitions, metricNames, type MetricDefinitions, type MetricName } from './registry.js';
export { metricClass, type MetricClass } from './metric-class.js';
export type { MetricDefinition, MetricState } from './metric-definition.js';
export { misfit, pairsOf, zipped, type MetricUpdate, type Pair } from './metric-update.js';
export { tally, tallyPairs, type Tally } from './state/tally.js';
export { averageOfUpdates } from './state/average-of-updates.js';
