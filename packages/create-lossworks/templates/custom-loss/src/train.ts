// A line through points of which one in eight is nonsense: least squares is drawn away, the loss of `cauchy-loss.ts` is not.
import { NDArrayIter } from '@lossworks/data';
import { fullyConnected, variable, type Symbol } from '@lossworks/graph';
import { linearRegressionOutput } from '@lossworks/losses';
import { Module, Zero } from '@lossworks/module';
import { cauchyLoss } from './cauchy-loss.js';

const count = 400;
const x = Float32Array.from({ length: count }, (_, i) => (i / count) * 2 - 1);
const y = x.map((value, i) => (i % 8 === 7 ? 10 : 2 * value + 1));

const data = fullyConnected({ data: variable('data'), numHidden: 1, name: 'line' });
const label = variable('softmax_label');

await train('least squares', linearRegressionOutput({ data, label, name: 'output' }));
await train('cauchy', cauchyLoss({ data, label, name: 'output' }));

async function train(title: string, network: Symbol): Promise<void> {
  const points = new NDArrayIter({ data: x, shape: [count, 1] }, y, { batchSize: 40, shuffle: true });
  const module = new Module(network, { logger: () => {} });
  await module.fit(points, { numEpoch: 60, optimizerOptions: { learningRate: 0.1 }, initializer: new Zero(), evalMetric: 'mse' });
  const { argParams } = await module.getParams();
  const [slope, intercept] = await Promise.all([argParams['line_weight']!.item(), argParams['line_bias']!.item()]);
  console.log(`${title.padEnd(14)} y = ${slope.toFixed(2)}·x + ${intercept.toFixed(2)}   (the line of the good points: 2.00·x + 1.00)`);
}
