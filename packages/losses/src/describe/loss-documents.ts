import { centerTables, trainedTableLosses } from '../class-tables/family.js';
import { lossFunctions } from '../loss-functions.js';

/** What there is to know about a loss before one uses it. */
export interface LossDocument {
  /** The export that makes it. */
  readonly name: string;
  /** What it is: a layer whose output is a prediction, a function of arrays or symbols, centers that follow, or one with a trained table. */
  readonly kind: 'output layer' | 'loss function' | 'class centers' | 'trained table';
  /** Its value, or an output layer's prediction, a sample or an element. */
  readonly formula: string;
  /** What backward gives. */
  readonly gradient: string;
  /** What it remembers, or what is trained along with it; `–` for nothing. */
  readonly state: string;
  /** Paper, or MXNet's name. */
  readonly source: string;
  /** Other libraries that have it. */
  readonly peers: readonly string[];
}

const alone = 'the head gradient does not matter';
const outputLayer = { kind: 'output layer', state: '–' } as const;

/** Layers whose output is a prediction and whose gradient is declared. */
const outputLayers: readonly LossDocument[] = [
  { ...outputLayer, name: 'softmaxOutput', formula: 'softmax(x)', gradient: `(softmax − y) · grad_scale, summed over the batch; ${alone}`, source: 'MXNet SoftmaxOutput', peers: ['mxnet'] },
  { ...outputLayer, name: 'linearRegressionOutput', formula: 'x', gradient: `(x − y) · grad_scale / targets of a sample; ${alone}`, source: 'MXNet LinearRegressionOutput', peers: ['mxnet'] },
  { ...outputLayer, name: 'logisticRegressionOutput', formula: 'σ(x)', gradient: `(σ(x) − y) · grad_scale / targets of a sample; ${alone}`, source: 'MXNet LogisticRegressionOutput', peers: ['mxnet'] },
  { ...outputLayer, name: 'maeRegressionOutput', formula: 'x', gradient: `±grad_scale / targets of a sample, − at equality; ${alone}`, source: 'MXNet MAERegressionOutput', peers: ['mxnet'] },
  { ...outputLayer, name: 'svmOutput', formula: 'x', gradient: `of the (squared) hinge loss, one class against the rest; ${alone}`, source: 'MXNet SVMOutput', peers: ['mxnet'] },
  { ...outputLayer, name: 'makeLoss', formula: 'x, any expression', gradient: `grad_scale everywhere; ${alone}`, source: 'MXNet MakeLoss', peers: ['mxnet'] },
  { ...outputLayer, name: 'softmaxCrossEntropy', formula: 'Σ_batch −log softmax(x)_y, shape (1,)', gradient: 'h · (softmax − y)', source: 'MXNet softmax_cross_entropy', peers: ['mxnet'] },
  {
    ...outputLayer, name: 'identityAttachKLSparseReg', formula: 'x', gradient: 'h + λ(−ρ/a + (1 − ρ)/(1 − a)), a the average activity', state: '`moving_avg` (units): average activity',
    source: 'MXNet IdentityAttachKLSparseReg', peers: ['mxnet'],
  },
];

/** Every loss of this package, from the entries it is made from: output layers, loss functions, class centers, trained tables. */
export function lossDocuments(): readonly LossDocument[] {
  return [
    ...outputLayers,
    ...Object.entries(lossFunctions).map(([name, { loss }]): LossDocument => document(name, 'loss function', loss)),
    ...Object.entries(centerTables).map(([name, { formula, source, peers }]): LossDocument => ({
      name, kind: 'class centers', formula, gradient: 'λ · derivative of the sum over the batch, not of the mean', state: '`center` (classes, dimensions): follows by eq. 4, or trained', source, peers,
    })),
    ...Object.entries(trainedTableLosses).map(([name, { loss }]): LossDocument => document(name, 'trained table', loss)),
  ];
}

function document(name: string, kind: LossDocument['kind'], { formula, gradient = 'derivative', state = '–', source, peers }: { formula: string; gradient?: string | undefined; state?: string | undefined; source: string; peers: readonly string[] }): LossDocument {
  return { name, kind, formula, gradient, state, source, peers };
}
