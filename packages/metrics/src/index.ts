/**
 * Evaluation metrics kept apart from losses; no dependency.
 *
 * @module @lossworks/metrics
 */
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

export { Sum, Maximum, Minimum } from './aggregation/aggregates.js';
export { RunningMean } from './aggregation/running-mean.js';
export { Precision, Recall, FBeta, Specificity, Jaccard, Hamming } from './classification/class-metrics.js';
export { BalancedAccuracy } from './classification/balanced-accuracy.js';
export { ConfusionMatrix } from './classification/confusion-matrix.js';
export { CohenKappa } from './classification/cohen-kappa.js';
export { NMI } from './classification/nmi.js';
export { CalibrationError } from './classification/calibration-error.js';
export { LogLoss } from './classification/log-loss.js';
export { RocCurve } from './ranking/roc-curve.js';
export { PrecisionRecallCurve, AveragePrecision } from './ranking/precision-recall-curve.js';
export { R2, ExplainedVariance, Concordance } from './regression/moment-metrics.js';
export { Spearman } from './regression/spearman.js';
export { MAPE, LogCosh, CosineSimilarity } from './regression/error-metrics.js';
export { EmbeddingSpread } from './embedding/embedding-spread.js';
export { RecallAtK } from './embedding/recall-at-k.js';
export { BoxMeanAveragePrecision } from './detection/box-mean-average-precision.js';

export { MetricTracker, type TrackerJson } from './aggregation/metric-tracker.js';
export { RunningMetric, type RunningOptions } from './aggregation/running-metric.js';
export { BootstrapMetric, type BootstrapOptions } from './aggregation/bootstrap-metric.js';

export { EvalMetric, type MetricNaming, type MetricOptions, type MetricSpecification } from './eval-metric.js';
export type { Metric, MetricConfig, MetricJson, NamedArrays, SharedMeasurements } from './metric.js';
export { metricFromJson } from './metric-from-json.js';
export { checkLabelShapes, type CheckLabelShapesOptions } from './check-label-shapes.js';
export type { HostArray } from './host-array.js';

export { findMetric, metricDefinitions, metricNames, type MetricDefinitions, type MetricName } from './registry.js';
export { metricClass, type MetricClass } from './metric-class.js';
export type { Component, MetricDefinition, MetricDetails, MetricField, MetricState } from './metric-definition.js';
export { misfit, pairsOf, zipped, type MetricUpdate, type Pair } from './metric-update.js';
export { tally, tallyPairs, type Tally } from './state/tally.js';
export { addSums, exactSum, nearest, Summation, type ExactSum } from './state/exact-sum.js';
export { averageOfUpdates } from './state/average-of-updates.js';
export { confusionState, type Confusion, type ConfusionOptions } from './state/confusion.js';
export { samplesState, type Samples } from './state/samples.js';
export type { ClassAverage, Task } from './classification/outcome-metric.js';
