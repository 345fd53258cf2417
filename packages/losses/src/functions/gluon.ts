import { alias, NDArray, reshape as reshapeArray } from '@lossworks/ndarray';
import { camelCase, reshape as reshapeSymbol, Symbol } from '@lossworks/graph';
import { ctcLoss } from '../sequences/ctc-loss.js';
import { sdmlLoss } from './batches.js';
import { hingeLoss, logisticLoss, sigmoidCrossEntropyLoss, squaredHingeLoss } from './binary.js';
import { softmaxCrossEntropyLoss } from './cross-entropy.js';
import { cosineEmbeddingLoss, tripletLoss } from './distances.js';
import { klDivergenceLoss, poissonLoss } from './likelihoods.js';
import { l1Loss, l2Loss, smoothL1Loss } from './regression.js';

/** How a loss of MXNet's gluon is one of ours. */
interface GluonLoss {
  readonly loss: (options: never) => unknown;
  /** Gluon's inputs in the order of a call, and what they are here. */
  readonly inputs: { readonly [input: string]: string };
  /** Gluon's own arguments, and what they are here. */
  readonly options?: { readonly [argument: string]: string };
  /** What gluon does always. */
  readonly fixed?: { readonly [option: string]: unknown };
  readonly defaults?: { readonly [argument: string]: unknown };
  /** Whether gluon keeps an axis of length 1 behind the samples. */
  readonly column?: boolean;
}

const labelled = { pred: 'data', label: 'label', sample_weight: 'sampleWeight' };
const samples = { reduction: 'batch' };

const sigmoidCrossEntropy: GluonLoss = {
  loss: sigmoidCrossEntropyLoss, inputs: { ...labelled, pos_weight: 'posWeight' }, options: { from_sigmoid: 'fromSigmoid' }, fixed: samples,
};
const softmaxCrossEntropy: GluonLoss = {
  loss: softmaxCrossEntropyLoss, inputs: labelled, options: { axis: 'axis', sparse_label: 'sparseLabel', from_logits: 'fromLogits' }, fixed: samples,
};

/** MXNet's gluon losses by name: for each the loss here, gluon's inputs and arguments under our names, and what gluon does always. */
export const gluonLosses = {
  L2Loss: { loss: l2Loss, inputs: labelled, fixed: samples },
  L1Loss: { loss: l1Loss, inputs: labelled, fixed: samples },
  SigmoidBinaryCrossEntropyLoss: sigmoidCrossEntropy,
  SigmoidBCELoss: sigmoidCrossEntropy,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
  SoftmaxCELoss: softmaxCrossEntropy,
  KLDivLoss: { loss: klDivergenceLoss, inputs: labelled, options: { from_logits: 'fromLogits', axis: 'axis' }, fixed: { reduction: 'batch_sum' } },
  CTCLoss: {
    loss: ctcLoss, inputs: { pred: 'data', label: 'label', pred_lengths: 'dataLengths', label_lengths: 'labelLengths', sample_weight: 'sampleWeight' },
    options: { layout: 'layout', label_layout: 'labelLayout' }, defaults: { layout: 'NTC' }, fixed: { reduction: 'none', blankLabel: 'last', zeroInfinity: true },
  },
  HuberLoss: { loss: smoothL1Loss, inputs: labelled, options: { rho: 'beta' }, fixed: samples },
  HingeLoss: { loss: hingeLoss, inputs: labelled, options: { margin: 'margin' }, fixed: samples },
  SquaredHingeLoss: { loss: squaredHingeLoss, inputs: labelled, options: { margin: 'margin' }, fixed: samples },
  LogisticLoss: { loss: logisticLoss, inputs: labelled, options: { label_format: 'labelFormat' }, fixed: samples },
  TripletLoss: { loss: tripletLoss, inputs: { pred: 'data', positive: 'positive', negative: 'negative' }, options: { margin: 'margin' }, fixed: { reduction: 'none' } },
  PoissonNLLLoss: {
    loss: poissonLoss, inputs: { pred: 'data', target: 'label', sample_weight: 'sampleWeight' },
    options: { from_logits: 'fromLogits', compute_full: 'computeFull', epsilon: 'epsilon' }, fixed: { reduction: 'mean' },
  },
  CosineEmbeddingLoss: {
    loss: cosineEmbeddingLoss, inputs: { input1: 'data1', input2: 'data2', label: 'label', sample_weight: 'sampleWeight' },
    options: { margin: 'margin' }, fixed: { reduction: 'none' }, column: true,
  },
  // Gluon forgets the weight of this one.
  SDMLLoss: { loss: sdmlLoss, inputs: { x1: 'data1', x2: 'data2' }, options: { smoothing_parameter: 'smoothingParameter' }, fixed: { reduction: 'none', lossWeight: 1 } },
} satisfies { readonly [name: string]: GluonLoss };

/** Names of the losses of `mxnet.gluon.loss`. */
export type GluonLossName = keyof typeof gluonLosses;

/**
 * A loss of MXNet's gluon as gluon computes it: one number a sample, `[batch]`, but for PoissonNLLLoss, `[1]`, and CosineEmbeddingLoss, `[batch, 1]`.
 * `gluonLoss('HuberLoss', { rho: 0.5, weight: 2 })({ pred, label, sampleWeight })`. Gluon's names are options in camelCase (`batchAxis`, `fromLogits`).
 *
 * @throws RangeError for an unknown loss, argument or input, and what the loss itself throws.
 */
export function gluonLoss(name: GluonLossName, settings: { readonly [argument: string]: unknown } = {}): <T extends NDArray | Symbol>(inputs: { readonly [input: string]: T | undefined }) => T {
  const entry: GluonLoss | undefined = Object.hasOwn(gluonLosses, name) ? gluonLosses[name] : undefined;
  if (!entry) throw new RangeError(`gluonLoss: there is no loss ${name}; there are ${Object.keys(gluonLosses).join(', ')}`);
  const known = { ...entry.options, weight: 'lossWeight', batch_axis: 'batchAxis' };
  const options = { ...renamed(known, { ...entry.defaults, ...settings }, `gluonLoss ${name}`), ...entry.fixed };
  return <T extends NDArray | Symbol>(inputs: { readonly [input: string]: T | undefined }): T => {
    const arrays = renamed(entry.inputs, inputs, `gluonLoss ${name}`);
    // Gluon takes the nearest class for an index outside; what is no host data is not refused.
    const label = arrays['label'];
    if (entry === softmaxCrossEntropy && label instanceof NDArray && options['sparseLabel'] !== false) arrays['label'] = alias(label);
    const result = (entry.loss as (options: object) => NDArray | Symbol)({ ...arrays, ...options });
    return (entry.column ? asColumn(result) : result) as T;
  };
}

function asColumn(losses: NDArray | Symbol): NDArray | Symbol {
  return losses instanceof NDArray ? reshapeArray(losses, [losses.size, 1]) : reshapeSymbol({ data: losses, shape: [-1, 1] });
}

/** Given values under our names; null is as good as not given. */
function renamed(names: { readonly [name: string]: string }, given: { readonly [option: string]: unknown }, label: string): { [option: string]: unknown } {
  const ours = new Map(Object.entries(names).map(([name, option]) => [camelCase(name), option]));
  const result: { [option: string]: unknown } = {};
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const name = ours.get(camelCase(option));
    if (name === undefined) throw new RangeError(`${label}: there is no ${option}; there are ${[...ours.keys()].join(', ')}`);
    result[name] = value;
  }
  return result;
}
