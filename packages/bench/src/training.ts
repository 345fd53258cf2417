import { fullyConnected, group, variable, type Symbol } from '@lossworks/graph';
import { centerLoss, makeLoss, softmaxOutput } from '@lossworks/losses';
import { RandomGenerator, array } from '@lossworks/ndarray';
import { lenetHidden } from './lenet.js';
import { createModuleTraining } from './module-training.js';

/** The network of the MNIST example: LeNet with a two-dimensional embedding, softmax and center loss. */
function network(): Symbol {
  const hidden = lenetHidden();
  const embedding = fullyConnected({ data: hidden, numHidden: 2, name: 'embedding' });
  const softmax = softmaxOutput({ data: fullyConnected({ data: embedding, numHidden: 10, name: 'fc2' }), name: 'softmax' });
  const center = centerLoss({ data: embedding, label: variable('center_label'), numClass: 10, scale: 0.01, name: 'center' });
  return group([softmax, makeLoss({ data: center })]);
}

/** A training of that network on images made up once; each call takes so many whole steps together, the loss of the last read at the end. */
export function createTraining(batch: number, together = 1): () => Promise<number> {
  const random = new RandomGenerator(1);
  const label = array(Float32Array.from({ length: batch }, (_, i) => i % 10));
  const fed = { data: { data: random.uniform([batch, 1, 28, 28]) }, label: { softmax_label: label, center_label: label } };
  const step = createModuleTraining(network(), fed, { weightDecay: 1e-4, rescaleGradient: 1 / batch }, together);
  return async () => {
    const [probabilities] = await step();
    let loss = 0;
    for (let row = 0; row < batch; row++) loss -= Math.log(probabilities![row * 10 + (row % 10)]!) / batch;
    return loss;
  };
}
