import { ctcReference } from './ctc-reference.js';
import { elementReferences } from './element-references.js';
import { given, numbers, type LossInfo, type LossSample, type LossSampleInputs } from './loss-sample.js';
import { rowReferences } from './row-references.js';

const pair: LossSampleInputs = { data: numbers([4, 3], 1), label: numbers([4, 3], 2) };
const signs: LossSampleInputs = { data: numbers([4, 3], 3), label: given([1, -1, -1, 1, 1, 1, -1, -1, 1, -1, 1, -1], [4, 3]) };
const bits: LossSampleInputs = { data: numbers([4, 3], 4), label: given([1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0], [4, 3]) };
const classes: LossSampleInputs = { data: numbers([4, 5], 5), label: given([3, 0, 4, 3]) };
const distributions: LossSampleInputs = { data: numbers([4, 5], 6), label: numbers([4, 5], 7, 0.05, 0.4) };
const vectors: LossSampleInputs = { data1: numbers([4, 3], 8), data2: numbers([4, 3], 9) };

const sample = (inputs: LossSampleInputs, options: LossSample['options'] = {}, wanted: readonly string[] = ['data']): LossSample => ({ inputs, options, wanted });
const both = ['data', 'label'];
const views = ['data1', 'data2'];

/** Every loss function by its exported name. */
export const lossInfos = {
  l1Loss: { reference: elementReferences.l1Loss, samples: { plain: sample(pair, {}, both) } },
  l2Loss: { reference: elementReferences.l2Loss, samples: { plain: sample(pair, {}, both) } },
  huberLoss: { reference: elementReferences.huberLoss, samples: { plain: sample(pair, {}, both), 'δ 0.4': sample(pair, { delta: 0.4 }), 'δ 3': sample(pair, { delta: 3 }) } },
  smoothL1Loss: { reference: elementReferences.smoothL1Loss, samples: { plain: sample(pair, {}, both), 'β 0.4': sample(pair, { beta: 0.4 }), 'β 0': sample(pair, { beta: 0 }) } },
  logCoshLoss: { reference: elementReferences.logCoshLoss, samples: { plain: sample(pair, {}, both) } },
  softmaxCrossEntropyLoss: {
    reference: rowReferences.softmaxCrossEntropyLoss,
    samples: {
      indices: sample(classes),
      'indices and smoothing': sample(classes, { smoothing: 0.2 }),
      'class weights': sample({ ...classes, classWeight: given([1, 0.5, 2, 3, 0.25]) }),
      'class weights and smoothing': sample({ ...classes, classWeight: given([1, 0.5, 2, 3, 0.25]) }, { smoothing: 0.1 }, ['data']),
      'an ignored label': sample(classes, { useIgnore: true, ignoreLabel: 3 }),
      probabilities: sample(distributions, { sparseLabel: false }, both),
      'probabilities, smoothing, class weights': sample({ ...distributions, classWeight: given([1, 0.5, 2, 3, 0.25]) }, { sparseLabel: false, smoothing: 0.3 }),
      'log probabilities': sample({ data: numbers([4, 5], 5, -3, -0.1), label: classes['label']! }, { fromLogits: true }),
      'positions behind the classes': sample({ data: numbers([2, 3, 4], 10), label: given([0, 1, 2, 0, 2, 2, 1, 0], [2, 4]) }, { axis: 1 }),
      'positions before the classes': sample({ data: numbers([2, 3, 4], 11), label: given([0, 1, 2, 3, 2, 1], [2, 3]) }),
    },
  },
  sigmoidCrossEntropyLoss: {
    reference: elementReferences.sigmoidCrossEntropyLoss,
    samples: {
      logits: sample(bits),
      'targets between 0 and 1': sample({ ...bits, label: numbers([4, 3], 12, 0, 1) }, {}, both),
      'positive weights': sample({ ...bits, posWeight: given([2, 0.5, 1.5]) }),
      probabilities: sample({ ...bits, data: numbers([4, 3], 13, 0.1, 0.9) }, { fromSigmoid: true }),
      'probabilities with positive weights': sample({ data: numbers([4, 3], 13, 0.1, 0.9), label: bits['label']!, posWeight: given([2, 0.5, 1.5]) }, { fromSigmoid: true }),
    },
  },
  focalLoss: { reference: elementReferences.focalLoss, samples: { plain: sample(bits), 'γ 0, no α': sample(bits, { gamma: 0, alpha: -1 }), 'γ 1.5': sample(bits, { gamma: 1.5, alpha: 0.6 }) } },
  klDivergenceLoss: { reference: rowReferences.klDivergenceLoss, samples: { 'log probabilities': sample({ ...distributions, data: numbers([4, 5], 14, -3, -0.1) }, {}, both), logits: sample(distributions, { fromLogits: false }, both) } },
  poissonLoss: {
    reference: elementReferences.poissonLoss,
    samples: {
      'logarithms of rates': sample({ data: numbers([4, 3], 15), label: given([0, 1, 2, 3, 4, 0, 1, 2, 5, 1, 0, 7], [4, 3]) }),
      rates: sample({ data: numbers([4, 3], 16, 0.5, 3), label: given([0, 1, 2, 3, 4, 0, 1, 2, 5, 1, 0, 7], [4, 3]) }, { fromLogits: false }),
      'the full likelihood': sample({ data: numbers([4, 3], 15), label: given([0, 1, 2, 3, 4, 0, 1, 2, 5, 1, 0, 7], [4, 3]) }, { computeFull: true }),
    },
  },
  gaussianLoss: {
    reference: elementReferences.gaussianLoss,
    samples: { plain: sample({ ...pair, variance: numbers([4, 3], 17, 0.2, 2) }, {}, ['data', 'label', 'variance']), full: sample({ ...pair, variance: numbers([4, 3], 17, 0.2, 2) }, { full: true }) },
  },
  hingeLoss: { reference: elementReferences.hingeLoss, samples: { plain: sample(signs), 'margin 0.3': sample(signs, { margin: 0.3 }) } },
  squaredHingeLoss: { reference: elementReferences.squaredHingeLoss, samples: { plain: sample(signs), 'margin 0.3': sample(signs, { margin: 0.3 }) } },
  logisticLoss: { reference: elementReferences.logisticLoss, samples: { signed: sample(signs), binary: sample(bits, { labelFormat: 'binary' }) } },
  multiMarginLoss: {
    reference: rowReferences.multiMarginLoss,
    samples: { plain: sample(classes), 'power 2': sample(classes, { power: '2', margin: 0.7 }), 'class weights': sample({ ...classes, classWeight: given([1, 0.5, 2, 3, 0.25]) }) },
  },
  cosineEmbeddingLoss: {
    reference: rowReferences.cosineEmbeddingLoss,
    samples: { plain: sample({ ...vectors, label: given([1, -1, -1, 1]) }, {}, views), 'margin 0.2, and a label that is neither': sample({ ...vectors, label: given([1, -1, 0, -1]) }, { margin: 0.2 }, views) },
  },
  marginRankingLoss: {
    reference: elementReferences.marginRankingLoss,
    samples: { plain: sample({ data1: numbers([6], 18), data2: numbers([6], 19), label: given([1, -1, 1, -1, 1, 1]) }, {}, views), 'margin 0.5': sample({ ...vectors, label: signs['label']! }, { margin: 0.5 }, views) },
  },
  tripletLoss: {
    reference: rowReferences.tripletLoss,
    samples: {
      squared: sample({ data: numbers([5, 3], 20), positive: numbers([5, 3], 21), negative: numbers([5, 3], 22) }, {}, ['data', 'positive', 'negative']),
      euclidean: sample({ data: numbers([5, 3], 20), positive: numbers([5, 3], 21), negative: numbers([5, 3], 22) }, { distance: 'euclidean', margin: 0.5 }, ['data', 'positive', 'negative']),
    },
  },
  contrastiveLoss: { reference: rowReferences.contrastiveLoss, samples: { plain: sample({ ...vectors, label: given([1, 0, 0, 1]) }, {}, views), 'margin 3': sample({ ...vectors, label: given([1, 0, 0, 1]) }, { margin: 3 }, views) } },
  sdmlLoss: { reference: rowReferences.sdmlLoss, samples: { plain: sample(vectors, {}, views), 'smoothing 0.1': sample(vectors, { smoothingParameter: 0.1 }, views) } },
  ntXentLoss: { reference: rowReferences.ntXentLoss, samples: { plain: sample(vectors, {}, views), 'τ 0.5': sample(vectors, { temperature: 0.5 }, views) } },
  supervisedContrastiveLoss: {
    reference: rowReferences.supervisedContrastiveLoss,
    samples: { plain: sample({ data: numbers([6, 3], 23), label: given([0, 1, 0, 2, 1, 0]) }), 'τ 0.5': sample({ data: numbers([6, 3], 23), label: given([0, 1, 0, 2, 1, 0]) }, { temperature: 0.5 }) },
  },
  diceLoss: { reference: rowReferences.diceLoss, samples: { plain: sample({ ...bits, data: numbers([4, 3], 24, 0.05, 0.95) }, {}, both), 'smooth 0.1': sample({ ...bits, data: numbers([4, 3], 24, 0.05, 0.95) }, { smooth: 0.1 }) } },
  tverskyLoss: { reference: rowReferences.tverskyLoss, samples: { plain: sample({ ...bits, data: numbers([4, 3], 24, 0.05, 0.95) }, {}, both), 'α 0.3, β 0.7': sample({ ...bits, data: numbers([4, 3], 24, 0.05, 0.95) }, { alpha: 0.3, beta: 0.7 }) } },
  ctcLoss: {
    reference: ctcReference,
    samples: {
      'the first class is the blank': sample({ data: numbers([5, 3, 4], 25), label: given([1, 2, 0, 3, 3, 0, 1, 0, 0], [3, 3]) }),
      'the last class is the blank': sample({ data: numbers([5, 2, 3], 26), label: given([0, 1, 1, 1, -1, -1], [2, 3]) }, { blankLabel: 'last' }),
      'given lengths': sample({ data: numbers([5, 3, 3], 27), label: given([1, 2, 1, 1, 2, 2], [3, 2]), dataLengths: given([5, 3, 4]), labelLengths: given([2, 1, 2]) }),
      'batch first, and an empty label': sample({ data: numbers([2, 4, 3], 28), label: given([0, 0, 2, 2], [2, 2]) }, { layout: 'NTC' }),
      'one step': sample({ data: numbers([1, 2, 3], 29), label: given([1, 2], [2, 1]) }),
    },
  },
} satisfies { readonly [name: string]: LossInfo };
