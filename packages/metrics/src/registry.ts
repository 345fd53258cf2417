import { Accuracy } from './classification/accuracy.js';
import { CrossEntropy } from './classification/cross-entropy.js';
import { F1 } from './classification/f1.js';
import { MCC } from './classification/mcc.js';
import { NegativeLogLikelihood } from './classification/negative-log-likelihood.js';
import { PCC } from './classification/pcc.js';
import { Perplexity } from './classification/perplexity.js';
import { TopKAccuracy } from './classification/top-k-accuracy.js';
import { CenterLoss } from './loss/center-loss.js';
import { Caffe, Loss, Torch } from './loss/loss.js';
import type { MetricClass } from './metric-class.js';
import { MAE } from './regression/mae.js';
import { MSE } from './regression/mse.js';
import { PearsonCorrelation } from './regression/pearson-correlation.js';
import { RMSE } from './regression/rmse.js';
import { Maximum, Minimum, Sum } from './aggregation/aggregates.js';
import { RunningMean } from './aggregation/running-mean.js';
import { BalancedAccuracy } from './classification/balanced-accuracy.js';
import { CalibrationError } from './classification/calibration-error.js';
import { FBeta, Hamming, Jaccard, Precision, Recall, Specificity } from './classification/class-metrics.js';
import { CohenKappa } from './classification/cohen-kappa.js';
import { ConfusionMatrix } from './classification/confusion-matrix.js';
import { LogLoss } from './classification/log-loss.js';
import { NMI } from './classification/nmi.js';
import { BoxMeanAveragePrecision } from './detection/box-mean-average-precision.js';
import { EmbeddingSpread } from './embedding/embedding-spread.js';
import { RecallAtK } from './embedding/recall-at-k.js';
import { AveragePrecision, PrecisionRecallCurve } from './ranking/precision-recall-curve.js';
import { RocCurve } from './ranking/roc-curve.js';
import { CosineSimilarity, LogCosh, MAPE } from './regression/error-metrics.js';
import { Concordance, ExplainedVariance, R2 } from './regression/moment-metrics.js';
import { Spearman } from './regression/spearman.js';

/** A new metric is one more row. */
const classes = [
  Accuracy,
  TopKAccuracy,
  F1,
  MCC,
  PCC,
  Perplexity,
  CrossEntropy,
  NegativeLogLikelihood,
  MAE,
  MSE,
  RMSE,
  PearsonCorrelation,
  Loss,
  Torch,
  Caffe,
  CenterLoss,
  Sum,
  Maximum,
  Minimum,
  RunningMean,
  Precision,
  Recall,
  FBeta,
  Specificity,
  Jaccard,
  Hamming,
  BalancedAccuracy,
  ConfusionMatrix,
  CohenKappa,
  NMI,
  CalibrationError,
  LogLoss,
  RocCurve,
  PrecisionRecallCurve,
  AveragePrecision,
  R2,
  ExplainedVariance,
  Concordance,
  Spearman,
  MAPE,
  LogCosh,
  CosineSimilarity,
  EmbeddingSpread,
  RecallAtK,
  BoxMeanAveragePrecision,
] as const;

type Class = (typeof classes)[number];

/** Metrics by class name, for `create`. */
export type MetricDefinitions = { readonly [className: string]: MetricClass };

/** Every metric that `create` knows by name, by its class name. A table of your own beside it: `{ ...metricDefinitions, Mine }`. */
export const metricDefinitions = Object.fromEntries(classes.map(each => [each.className, each])) as unknown as { readonly [Each in Class as Each['className']]: Each };

/** The names `create` accepts, in lower case. */
export type MetricName = Class['names'][number];

/** Finds the class of a metric by one of its names, in any case; undefined for an unknown name. */
export function findMetric(name: string, definitions: MetricDefinitions = metricDefinitions): MetricClass | undefined {
  const wanted = name.toLowerCase();
  return Object.values(definitions).find(definition => definition.names.includes(wanted));
}

/** Every name in a table, in lower case, in order. */
export function metricNames(definitions: MetricDefinitions = metricDefinitions): string[] {
  return Object.values(definitions).flatMap(definition => [...definition.names]);
}
