import { classes, classifier, embedding } from '@lossworks/example-kit/mnist';
import { blockGrad, broadcastMul, group, variable, type Symbol } from '@lossworks/graph';
import { centerLoss, makeLoss } from '@lossworks/losses';

export { classes };

/** Inputs of the network that are no parameters: all others are trained. */
export const fedNames = ['data', 'softmax_label', 'center_label', 'lambda', 'center'] as const;

/**
 * The network of the MNIST example with λ and the centers as inputs: numbers that a page changes while it trains are fed, so that no change compiles
 * anything anew. Outputs: probabilities, weighted center loss, center loss, embedding.
 */
export function liveNetwork(): Symbol {
  const features = embedding();
  const distance = centerLoss({ data: features, label: variable('center_label'), center: variable('center'), numClass: classes, centerUpdate: 'gradient', name: 'distance' });
  const weighted = broadcastMul({ lhs: distance, rhs: variable('lambda') });
  return group([
    classifier(features),
    makeLoss({ data: weighted, name: 'weighted' }),
    blockGrad({ data: distance, name: 'plain' }),
    blockGrad({ data: features, name: 'place' }),
  ]);
}
