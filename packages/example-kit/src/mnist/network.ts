import { activation, convolution, flatten, fullyConnected, pooling, type Symbol, variable } from '@lossworks/graph';
import { softmaxOutput } from '@lossworks/losses';

/** Ten: one class a digit. */
export const classes = 10;

/**
 * From `data`, images `[batch, 1, 28, 28]`, to `embedding_output`, two dimensions `[batch, 2]`: LeNet with tanh (LeCun et al. 1998, as MXNet's
 * examples have it), and two units at its end.
 */
export function embedding(): Symbol {
  const block = (data: Symbol, numFilter: number, index: number) => {
    const filtered = convolution({ data, kernel: [5, 5], numFilter, name: `conv${index}` });
    return pooling({ data: activation({ data: filtered, actType: 'tanh', name: `tanh${index}` }), poolType: 'max', kernel: [2, 2], stride: [2, 2], name: `pool${index}` });
  };
  const images = flatten({ data: block(block(variable('data'), 20, 1), 50, 2), name: 'flatten' });
  const hidden = activation({ data: fullyConnected({ data: images, numHidden: 500, name: 'fc1' }), actType: 'tanh', name: 'tanh3' });
  return fullyConnected({ data: hidden, numHidden: 2, name: 'embedding' });
}

/** From two dimensions `[batch, 2]` to `softmax_output`, ten probabilities `[batch, 10]`, with cross-entropy against `softmax_label`, `[batch]`. */
export function classifier(features: Symbol): Symbol {
  return softmaxOutput({ data: fullyConnected({ data: features, numHidden: classes, name: 'fc2' }), label: variable('softmax_label'), name: 'softmax' });
}
