import { fullyConnected, group, simpleBind, variable, type Symbol } from '@lossworks/graph';
import { centerLoss, makeLoss, softmaxOutput } from '@lossworks/losses';
import { RandomGenerator, array, read } from '@lossworks/ndarray';
import { createOptimizer, getUpdater } from '@lossworks/optim';
import { lenetHidden } from './lenet.js';

/** The network of the MNIST example: LeNet with a two-dimensional embedding, softmax and center loss. */
function network(): Symbol {
  const hidden = lenetHidden();
  const embedding = fullyConnected({ data: hidden, numHidden: 2, name: 'embedding' });
  const softmax = softmaxOutput({ data: fullyConnected({ data: embedding, numHidden: 10, name: 'fc2' }), name: 'softmax' });
  const center = centerLoss({ data: embedding, label: variable('center_label'), numClass: 10, scale: 0.01, name: 'center' });
  return group([softmax, makeLoss({ data: center })]);
}

/** A training of that network on images made up once; each call is a whole step, its loss read at the end. */
export async function createTraining(batch: number): Promise<() => Promise<number>> {
  const random = new RandomGenerator(1);
  const symbol = network();
  const fed = ['data', 'softmax_label', 'center_label'];
  const parameters = symbol.listArguments().filter((name) => !fed.includes(name));
  const executor = simpleBind(symbol, {
    shapes: { data: [batch, 1, 28, 28], softmax_label: [batch], center_label: [batch] },
    gradReq: Object.fromEntries(parameters.map((name) => [name, 'write' as const])),
  });
  for (const name of parameters.filter((parameter) => parameter.endsWith('_weight'))) {
    const weight = executor.argDict[name]!;
    weight.assign(random.normal(weight.shape, 0, Math.sqrt(weight.shape[0]! / weight.size)));
  }
  const optimizer = createOptimizer('sgd', { learningRate: 0.001, momentum: 0.9, weightDecay: 1e-4, rescaleGradient: 1 / batch, indexToName: { ...parameters } });
  const updater = getUpdater(optimizer);
  const data = random.uniform([batch, 1, 28, 28]);
  const label = array(Float32Array.from({ length: batch }, (_, i) => i % 10));
  const weights = parameters.map((name) => executor.argDict[name]!);
  const gradients = parameters.map((name) => executor.gradDict[name]!);
  const indices = parameters.map((_, i) => i);
  return async () => {
    await executor.forward({ isTrain: true, feeds: { data, softmax_label: label, center_label: label } });
    await executor.backward();
    updater(indices, gradients, weights);
    const [probabilities] = await read(executor.outputs);
    let loss = 0;
    for (let row = 0; row < batch; row++) loss -= Math.log(probabilities![row * 10 + (row % 10)]!) / batch;
    return loss;
  };
}
