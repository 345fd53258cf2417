import { describe, expect, it } from 'vitest';
import { Accuracy, CenterLoss, checkLabelShapes, CompositeEvalMetric, create, CrossEntropy, CustomMetric, F1, MAE, metricDefinitions, metricFromJson, PCC, PearsonCorrelation, Perplexity, TopKAccuracy, type EvalMetric, type HostArray } from '../src/index.js';
import { matrix, metricSamples, vector, type MetricSample } from './metric-samples.js';
import { recordedSamples } from './recorded-samples.js';

const labels = vector([0, 1, 1]);
const two = matrix([[1, 0], [0, 1]]);
const cube: HostArray = { data: new Float32Array(12), shape: [2, 2, 3] };

describe('what does not fit is refused with the metric, both shapes and the way out', () => {
  it.each<[what: string, call: () => unknown, kind: ErrorConstructor, text: RegExp]>([
    ['lists of unequal length', () => new Accuracy().update([labels], [two, two]), RangeError, /accuracy: labels \{\[3\]\} and predictions \{\[2,2\] \[2,2\]\}.*outputNames.*updateDict/],
    ['another number of labels', () => new Accuracy().update([labels], [two]), RangeError, /accuracy: label 0 has shape \[3\], prediction 0 has shape \[2,2\]: 3 labels against 2.*axis/],
    ['an axis that is not there', () => new Accuracy({ axis: 2 }).update([labels], [two]), RangeError, /no classes along axis 2/],
    ['3-D top-k predictions', () => new TopKAccuracy({ topK: 2 }).update(vector([0, 1]), cube), RangeError, /top_k_accuracy_2.*\[2,2,3\].*2 axes/],
    ['3-D perplexity predictions', () => new Perplexity().update(vector([0, 1, 0, 1]), cube), RangeError, /perplexity.*2 axes/],
    ['a perplexity of fewer labels', () => new Perplexity().update(labels, two), RangeError, /3 labels against 2 samples/],
    ['three classes in f1', () => new F1().update(vector([0, 1, 2]), matrix([[1, 0], [0, 1], [0, 1]])), RangeError, /3 different classes.*use pcc/],
    ['more labels than rows', () => new CrossEntropy().update(labels, two), RangeError, /cross-entropy.*3 labels against 2 rows/],
    ['a label past the classes', () => new CrossEntropy().update(vector([0, 2]), two), RangeError, /label 2 of sample 1 is none of the 2 classes.*ignoreLabel/],
    ['a negative label', () => new CrossEntropy().update(vector([-1, 0]), two), RangeError, /label -1 of sample 0/],
    ['a negative class id', () => new PCC().update(vector([-1, 0]), vector([0, 0])), RangeError, /class id -1 is outside 0 to 8191/],
    ['shapes that do not broadcast', () => new MAE().update(labels, vector([1, 2])), RangeError, /mae: label 0 has shape \[3\], prediction 0 has shape \[2\]: .*3 against 2 in axis 0/],
    ['a correlation of unequal shapes', () => new PearsonCorrelation().update(vector([1, 2]), matrix([[1], [2]])), RangeError, /pearsonr.*the shapes differ/],
    ['two outputs for one center loss', () => new CenterLoss().update([labels], [two, vector([1])]), RangeError, /center-loss: 2 outputs \(\[2,2\] \[1\]\).*outputNames/],
    ['a function that returns no number', () => new CustomMetric((() => 'x') as never, { name: 'odd' }).update(labels, labels), TypeError, /odd: the function returned "x"/],
    ['extra outputs of a function', () => new CustomMetric(() => 1, { name: 'one' }).update([labels], [two, two]), RangeError, /one: .*1 against 2/],
    ['a missing output', () => new Accuracy({ outputNames: ['out'] }).updateDict({ l: labels }, { other: two }), RangeError, /accuracy: output out is missing, there is other; correct outputNames/],
    ['a missing label', () => new Accuracy({ labelNames: ['l'] }).updateDict({}, { other: two }), RangeError, /accuracy: label l is missing, there is none; correct labelNames/],
    ['an array on a device', () => new Accuracy().update({ data: async () => [0], shape: [1] } as never, two), TypeError, /accuracy: label 0: this array lives on a device; read it first/],
    ['plain numbers', () => new Accuracy().update([1, 2] as never, two), TypeError, /accuracy: label 0: expected \{ data, shape \}, got number/],
    ['a shape that is not the data\'s', () => new Accuracy().update({ data: [1], shape: [2] }, two), RangeError, /label 0: shape \[2\] needs 2 values, data has 1/],
    ['merging with another metric', () => new Accuracy().merge(new MAE()), TypeError, /accuracy: \["Accuracy",1\] cannot merge with \["MAE"/],
    ['merging with other parameters', () => new Accuracy().merge(new Accuracy({ axis: 2 })), TypeError, /\["Accuracy",1\] cannot merge with \["Accuracy",2\]/],
    ['merging with a composite', () => new Accuracy().merge(new CompositeEvalMetric(['acc'])), TypeError, /no single metric/],
    ['merging composites of unequal length', () => new CompositeEvalMetric(['acc']).merge(new CompositeEvalMetric([])), TypeError, /holds 1 metrics, composite holds 0/],
    ['values of another metric', () => new Accuracy().fromJSON(new MAE().toJSON()), TypeError, /cannot take over \["MAE"/],
    ['a confusion matrix that is not square', () => new PCC().fromJSON({ ...new PCC().toJSON(), states: { local: { confusion: [1, 2, 3] }, global: {}, last: {} } }), RangeError, /pcc: local state/],
    ['JSON of a function', () => metricFromJson(new CustomMetric(() => 1, { name: 'one' }).toJSON()), TypeError, /one is made of a function/],
    ['the configuration of a function', () => new CustomMetric(() => 1, { name: 'one' }).getConfig(), TypeError, /one: .*no configuration/],
    ['a metric that is not there', () => new CompositeEvalMetric(['acc']).getMetric(1), RangeError, /composite: metric 1 is out of range; it holds 1/],
    ['labels of another length', () => checkLabelShapes(labels, two), RangeError, /length \[3\], predictions \[2\]/],
    ['labels of another shape', () => checkLabelShapes(vector([1, 2]), two, { shape: true }), RangeError, /shape \[2\], predictions \[2,2\]/],
    ['the shape of a list', () => checkLabelShapes([labels], [labels], { shape: true }), TypeError, /labels are a list/],
  ])('%s', (_, call, kind, text) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(text);
  });

  it('checkLabelShapes lets fitting ones through, wrapped on demand', () => {
    expect(checkLabelShapes(labels, labels)).toEqual([labels, labels]);
    expect(checkLabelShapes(labels, labels, { wrap: true })).toEqual([[labels], [labels]]);
    expect(checkLabelShapes([labels], [labels], { wrap: true })).toEqual([[labels], [labels]]);
    expect(checkLabelShapes(two, two, { shape: true, wrap: true })).toEqual([[two], [two]]);
  });
});

const sampleOf = (className: string): MetricSample => metricSamples[className as keyof typeof metricDefinitions]?.[0] ?? recordedSamples.find(each => each.className === className)!;

/** Metrics that do not read labels: there is nothing to pair, and no label can be wrong. */
const labelless = ['Loss', 'Torch', 'Caffe', 'CenterLoss', 'Sum', 'Maximum', 'Minimum', 'RunningMean'];

describe.each(Object.keys(metricDefinitions))('%s refuses', className => {
  const sample = sampleOf(className);
  const made = () => create(sample.metric, sample.options);
  const [{ labels, preds }] = sample.batches([24]) as [ReturnType<MetricSample['batches']>[number]];
  const refused = (act: (metric: ReturnType<typeof made>) => unknown, text: RegExp) => {
    const metric = made();
    expect(() => act(metric)).toThrow(text);
    expect(metric.get()[1]).toBeNaN();
  };

  it('an array that its shape does not fit, by name', () => refused(metric => metric.update(labels, [{ ...preds[0]!, shape: [5, 5, 5] }]), /prediction 0: shape \[5,5,5\] needs 125 values, data has \d+; give the shape/));

  it('an option it does not have', () => expect(() => create(sample.metric, { ...sample.options, treshold: 1 })).toThrow(new RegExp(`^${className}: unknown option treshold; it takes `)));

  it('the values of another metric', () => {
    const other = create(className === 'Accuracy' ? 'mae' : 'acc');
    expect(() => made().fromJSON(other.toJSON())).toThrow(/cannot take over/);
    expect(() => made().merge(other)).toThrow(/cannot merge with/);
  });

  if (labelless.includes(className)) return;

  it('more predictions than labels', () => refused(metric => metric.update(labels, [...preds, ...preds]), /labels \{.*\} and predictions \{.*\} cannot be paired \(1 against 2\); set outputNames/));

  // Of boxes any number may be found.
  if (className !== 'BoxMeanAveragePrecision') it('arrays of another size than the labels', () => {
    const [pred] = preds as [HostArray];
    const rows = pred.shape[0]! / 2;
    refused(metric => metric.update(labels, [{ data: Array.from(pred.data).slice(0, pred.data.length / 2), shape: [rows, ...pred.shape.slice(1)] }]), /label 0 has shape .*prediction 0 has shape/);
  });
});

type Refused = readonly [options: Readonly<Record<string, unknown>>, labels: HostArray, preds: HostArray];
const [third, scores] = [vector([0, 2]), vector([0.2, 0.7])];
const classIds: readonly Refused[] = [[{}, vector([0, -1]), vector([0, 1])]];
const flags: readonly Refused[] = [[{ task: 'binary' }, third, scores]];
const severalFlags: readonly Refused[] = [[{ task: 'multilabel' }, matrix([[0, 2]]), matrix([[0.2, 0.7]])]];
const rows: readonly Refused[] = [[{}, third, two], [{}, vector([-1, 0]), two]];
const outcomes = [...classIds, ...flags, ...severalFlags];
const ranked: readonly Refused[] = [...flags, [{ task: 'multiclass' }, third, two], ...severalFlags];

/** By class: labels that are out of range, or why none is. */
const outOfRange: { readonly [className: string]: readonly Refused[] | string } = {
  Accuracy: 'MXNet counts it as wrong',
  TopKAccuracy: 'MXNet counts it as wrong',
  Perplexity: 'MXNet reads the nearest class',
  F1: 'any two numbers tell two classes apart, 1 is the positive one; three are refused above',
  MCC: 'as F1',
  PCC: classIds,
  CrossEntropy: rows,
  NegativeLogLikelihood: rows,
  LogLoss: [...rows, [{}, third, scores]],
  CalibrationError: [...rows, [{}, third, scores]],
  Precision: outcomes,
  Recall: outcomes,
  FBeta: outcomes,
  Specificity: outcomes,
  Jaccard: outcomes,
  Hamming: outcomes,
  BalancedAccuracy: outcomes,
  ConfusionMatrix: [...classIds, ...flags],
  CohenKappa: [...classIds, ...flags],
  NMI: classIds,
  RocCurve: ranked,
  PrecisionRecallCurve: ranked,
  AveragePrecision: ranked,
  EmbeddingSpread: [[{}, vector([0, -1]), two]],
  RecallAtK: 'labels are only compared with each other',
  BoxMeanAveragePrecision: 'images and classes are only compared with each other',
  ...Object.fromEntries(['MAE', 'MSE', 'RMSE', 'PearsonCorrelation', 'R2', 'ExplainedVariance', 'Concordance', 'Spearman', 'MAPE', 'LogCosh', 'CosineSimilarity'].map(name => [name, 'labels are numbers'])),
  ...Object.fromEntries(labelless.map(name => [name, 'labels are not read'])),
};

describe('a label out of range', () => {
  it('is told of for every metric', () => expect(Object.keys(outOfRange).sort()).toEqual(Object.keys(metricDefinitions).sort()));

  const table = Object.entries(outOfRange).flatMap(([name, refused]) => (typeof refused === 'string' ? [] : refused.map(([options, ...arrays]) => [name, options, arrays] as const)));
  it.each(table)('is refused by %s %j', (name, options, [label, pred]) => {
    const metric = create({ metric: name, ...options }) as EvalMetric;
    expect(() => metric.update(label, pred)).toThrow(RangeError);
    expect(() => metric.update(label, pred)).toThrow(/(label|class id) -?\d+.* (is none of the \d+ classes|is outside 0 to \d+).*; \w/);
    expect(metric.get()[1]).toBeNaN();
  });
});

describe('no data yet', () => {
  it.each(Object.keys(metricDefinitions))('is NaN and never a throw for %s, after an update without samples too', className => {
    const sample = sampleOf(className);
    const metric = create(sample.metric, sample.options);
    const [{ labels, preds }] = sample.batches([24]) as [ReturnType<MetricSample['batches']>[number]];
    const empty = ({ shape }: HostArray): HostArray => ({ data: [], shape: [0, ...shape.slice(1)] });
    metric.update(labels.map(empty), preds.map(empty));
    expect([metric.get()[1], metric.getGlobal()[1], metric.lastValue()]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

it.each(['f1', 'mcc'] as const)('%s reads a column of labels as the list it is', name => {
  const values = [[4], [4, 1]].map(shape => {
    const metric = create(name);
    metric.update({ data: [0, 1, 1, 1], shape }, matrix([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.8, 0.2]]));
    return metric.get()[1];
  });
  expect(values[1]).toBe(values[0]);
});
