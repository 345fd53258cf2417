import type { HostArray, MetricName } from '../src/index.js';
import type { metricDefinitions } from '../src/index.js';

/** One batch as `update` takes it. */
export interface Batch {
  readonly labels: readonly HostArray[];
  readonly preds: readonly HostArray[];
}

/** One way to use a metric, with its value written out a second time. */
export interface MetricSample {
  readonly title: string;
  readonly metric: MetricName;
  readonly options?: Readonly<Record<string, unknown>>;
  /**
   * `'data'`: the value depends on the data alone, to the last bit; `'updates'`: it is the mean of the values of the updates, by definition; `'means'`: what is
   * read are means of batches, which were rounded before.
   */
  readonly averages: 'data' | 'updates' | 'means';
  /** Splits 24 samples into batches of these sizes. */
  batches(sizes: readonly number[]): readonly Batch[];
  /** Value of all 24 samples in one update, by the formula. */
  readonly expected: number;
  /** Decimals of `expected` that count. */
  readonly digits?: number;
  /** What `getGlobal` gives where it is not the value. */
  readonly expectedGlobal?: number;
}

export const sampleCount = 24;
const classCount = 4;

const random = seededRandom(20191);
const classLabels = Array.from({ length: sampleCount }, () => Math.floor(random() * classCount));
const binaryLabels = Array.from({ length: sampleCount }, () => Math.floor(random() * 2));
const probabilities = Array.from({ length: sampleCount }, () => softmax(Array.from({ length: classCount }, () => 4 * random())));
const binaryProbabilities = Array.from({ length: sampleCount }, () => softmax([random(), random()]));
const targets = Array.from({ length: sampleCount }, () => 10 * random() - 3);
const estimates = targets.map(target => target + 6 * random() - 3);

const classPredictions = probabilities.map(indexOfLargest);
const outcomes = binaryProbabilities.map((row, i) => `${indexOfLargest(row)}${binaryLabels[i]}`);
const [tp, fp, tn, fn] = ['11', '10', '00', '01'].map(kind => outcomes.filter(outcome => outcome === kind).length) as [number, number, number, number];
const f1 = 2 / ((tp + fp) / tp + (tp + fn) / tp);
const mcc = (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
const differences = targets.map((target, i) => target - estimates[i]!);
const crossEntropy = mean(probabilities.map((row, i) => -Math.log(row[classLabels[i]!]!)));
const counted = classLabels.map((label, i) => ({ label, row: probabilities[i]! })).filter(({ label }) => label !== 2);

const classification = (sizes: readonly number[]) => split(sizes, rows => ({ labels: [vector(pick(classLabels, rows))], preds: [matrix(pick(probabilities, rows))] }));
const binary = (sizes: readonly number[]) => split(sizes, rows => ({ labels: [vector(pick(binaryLabels, rows))], preds: [matrix(pick(binaryProbabilities, rows))] }));
const regression = (sizes: readonly number[]) => split(sizes, rows => ({ labels: [vector(pick(targets, rows))], preds: [vector(pick(estimates, rows))] }));
const losses = (sizes: readonly number[]) => split(sizes, rows => ({ labels: [], preds: [vector(pick(targets, rows))] }));
// A center-loss layer gives one number a batch: the mean over it.
const batchMeans = (sizes: readonly number[]) => split(sizes, rows => ({ labels: [vector(pick(classLabels, rows))], preds: [vector([mean(pick(targets, rows))])] }));

/** Samples of metrics whose values no library has recorded; the others' are in `recorded-samples.ts`. */
export const metricSamples: { readonly [Name in keyof typeof metricDefinitions]?: readonly MetricSample[] } = {
  Accuracy: [
    { title: 'accuracy', metric: 'acc', averages: 'data', batches: classification, expected: mean(classPredictions.map((predicted, i) => Number(predicted === classLabels[i]))) },
  ],
  TopKAccuracy: [
    {
      title: 'top-2 accuracy',
      metric: 'top_k_acc',
      options: { topK: 2 },
      averages: 'data',
      batches: classification,
      expected: mean(probabilities.map((row, i) => Number([...row].sort((a, b) => b - a).indexOf(row[classLabels[i]!]!) < 2))),
    },
  ],
  F1: [
    { title: 'f1 (macro)', metric: 'f1', averages: 'updates', batches: binary, expected: f1 },
    { title: 'f1 (micro)', metric: 'f1', options: { average: 'micro' }, averages: 'data', batches: binary, expected: f1 },
  ],
  MCC: [
    { title: 'mcc (macro)', metric: 'mcc', averages: 'updates', batches: binary, expected: mcc },
    { title: 'mcc (micro)', metric: 'mcc', options: { average: 'micro' }, averages: 'data', batches: binary, expected: mcc },
  ],
  PCC: [
    { title: 'pcc of two classes', metric: 'pcc', averages: 'data', batches: binary, expected: mcc },
    { title: 'pcc of four classes', metric: 'pcc', averages: 'data', batches: classification, expected: multiclassCorrelation(classPredictions, classLabels) },
  ],
  Perplexity: [
    { title: 'perplexity', metric: 'perplexity', averages: 'data', batches: classification, expected: Math.exp(crossEntropy) },
    {
      title: 'perplexity without class 2',
      metric: 'perplexity',
      options: { ignoreLabel: 2 },
      averages: 'data',
      batches: classification,
      expected: Math.exp(mean(counted.map(({ label, row }) => -Math.log(row[label]!)))),
    },
  ],
  CrossEntropy: [
    { title: 'cross entropy', metric: 'ce', averages: 'data', batches: classification, expected: crossEntropy },
    {
      title: 'cross entropy with eps',
      metric: 'ce',
      options: { eps: 0.5 },
      averages: 'data',
      batches: classification,
      expected: mean(probabilities.map((row, i) => -Math.log(row[classLabels[i]!]! + 0.5))),
    },
  ],
  NegativeLogLikelihood: [{ title: 'negative log likelihood', metric: 'nll_loss', averages: 'data', batches: classification, expected: crossEntropy }],
  MAE: [{ title: 'mae', metric: 'mae', averages: 'updates', batches: regression, expected: mean(differences.map(Math.abs)) }],
  MSE: [{ title: 'mse', metric: 'mse', averages: 'updates', batches: regression, expected: mean(differences.map(d => d * d)) }],
  RMSE: [{ title: 'rmse', metric: 'rmse', averages: 'updates', batches: regression, expected: Math.sqrt(mean(differences.map(d => d * d))) }],
  PearsonCorrelation: [
    { title: 'pearsonr (macro)', metric: 'pearsonr', averages: 'updates', batches: regression, expected: correlation(targets, estimates) },
    { title: 'pearsonr (micro)', metric: 'pearsonr', options: { average: 'micro' }, averages: 'data', batches: regression, expected: correlation(targets, estimates), expectedGlobal: 0 },
    { title: 'pearsonr (pooled)', metric: 'pearsonr', options: { average: 'pooled' }, averages: 'data', batches: regression, expected: correlation(targets, estimates) },
  ],
  Loss: [{ title: 'loss', metric: 'loss', averages: 'data', batches: losses, expected: mean(targets) }],
  Torch: [{ title: 'torch', metric: 'torch', averages: 'data', batches: losses, expected: mean(targets) }],
  Caffe: [{ title: 'caffe', metric: 'caffe', averages: 'data', batches: losses, expected: mean(targets) }],
  // Fewer updates than the window: the mean over all of them.
  RunningMean: [{ title: 'running mean', metric: 'running_mean', averages: 'data', batches: losses, expected: mean(targets) }],
  CenterLoss: [
    { title: 'center loss of means', metric: 'center_loss', averages: 'means', batches: batchMeans, expected: mean(targets) },
    { title: 'center loss of samples', metric: 'center_loss', averages: 'data', batches: regression, expected: mean(estimates) },
  ],
};

function split(sizes: readonly number[], batch: (rows: readonly number[]) => Batch): readonly Batch[] {
  let start = 0;
  return sizes.map(size => {
    const rows = Array.from({ length: size }, (_, i) => start + i);
    start += size;
    return batch(rows);
  });
}

function pick<Item>(items: readonly Item[], rows: readonly number[]): Item[] {
  return rows.map(row => items[row]!);
}

export function vector(data: readonly number[]): HostArray {
  return { data, shape: [data.length] };
}

export function matrix(rows: readonly (readonly number[])[]): HostArray {
  return { data: rows.flat(), shape: [rows.length, rows[0]?.length ?? 0] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function softmax(scores: readonly number[]): number[] {
  const exponentials = scores.map(Math.exp);
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map(value => value / total);
}

function indexOfLargest(row: readonly number[]): number {
  return row.indexOf(Math.max(...row));
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - meanA) * (b[i]! - meanB)));
  return covariance / Math.sqrt(mean(a.map(value => (value - meanA) ** 2)) * mean(b.map(value => (value - meanB) ** 2)));
}

/** Σ over classes of the covariances of the two indicator variables, normalised: another way to PCC than through the confusion matrix. */
function multiclassCorrelation(predicted: readonly number[], labelled: readonly number[]): number {
  const indicator = (ids: readonly number[], k: number) => ids.map(id => Number(id === k));
  const covariance = (a: readonly number[], b: readonly number[]) => mean(a.map((value, i) => value * b[i]!)) - mean(a) * mean(b);
  const total = (a: readonly number[], b: readonly number[]) =>
    Array.from({ length: classCount }, (_, k) => covariance(indicator(a, k), indicator(b, k))).reduce((sum, value) => sum + value, 0);
  return total(predicted, labelled) / Math.sqrt(total(predicted, predicted) * total(labelled, labelled));
}

export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
