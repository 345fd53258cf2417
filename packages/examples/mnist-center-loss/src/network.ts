import { classes, classifier, embedding } from '@lossworks/example-kit/mnist';
import { custom, group, type Symbol, variable } from '@lossworks/graph';
import { centerLoss, makeLoss } from '@lossworks/losses';
import { customCenterLossName, registerCustomCenterLoss } from './custom-center-loss.js';
import type { LossKind } from './options.js';

/** Where the two dimensions that are drawn come out. */
export const embeddingOutput = 'embedding_output';
export const softmaxOutputName = 'softmax_output';
export const centerLossOutput = 'center_output';

export interface CenterLossOptions {
  /** λ, the weight of the center loss beside the cross-entropy. */
  readonly lambda: number;
  /** How far a center moves towards its digits in a step. */
  readonly alpha: number;
  readonly kind: LossKind;
}

/** The network with softmax alone: 28×28 pixels in, ten probabilities out. */
export function softmaxNetwork(): Symbol {
  return classifier(embedding());
}

/** The same network with a second loss on its embedding, both fed with the same labels. */
export function centerLossNetwork(options: CenterLossOptions): Symbol {
  const features = embedding();
  const distance = centerLosses[options.kind](features, variable('center_label'), options);
  return group([classifier(features), makeLoss({ data: distance, name: 'center' })]);
}

/** softmaxOutput's gradient is a sum over the batch, which the optimizer turns into a mean; this one must be a sum too, or λ would be divided twice. */
const centerLosses: { readonly [K in LossKind]: (data: Symbol, label: Symbol, options: CenterLossOptions) => Symbol } = {
  'built-in': (data, label, { lambda, alpha }) => centerLoss({ data, label, numClass: classes, alpha, scale: lambda, name: 'centerloss' }),
  custom: (data, label, { lambda, alpha }) => {
    registerCustomCenterLoss();
    return custom({ opType: customCenterLossName, data, label, num_class: classes, alpha, scale: lambda, name: 'centerloss' });
  },
};
