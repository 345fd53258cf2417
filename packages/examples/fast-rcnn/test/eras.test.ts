import { fullyConnected, group, type Symbol, simpleBind, smoothL1, variable } from '@lossworks/graph';
import { makeLoss, softmaxOutput } from '@lossworks/losses';
import { array, RandomGenerator, read } from '@lossworks/ndarray';
import { createOptimizer, getUpdater } from '@lossworks/optim';
import { expect, test } from 'vitest';

const [regions, classes, features] = [128, 4, 6];
const width = 4 * classes;

interface Era {
  readonly network: () => Symbol;
  readonly rescaleGradient: number;
}

/**
 * The heads alone. In 2016 the losses were sums, with an inside weight on the difference and an outside weight on its loss, and the optimizer divided by 128; later the graph
 * itself divides, and the optimizer does not.
 */
const eras: { readonly [era: string]: Era } = {
  'inside and outside weights': {
    network: () => heads(undefined, (deltas) => makeLoss({ data: variable('bbox_outside_weight').mul(smoothL1({ data: variable('bbox_inside_weight').mul(deltas.sub(variable('bbox_target'))), scalar: 1 })), name: 'bbox_loss' })),
    rescaleGradient: 1 / regions,
  },
  'division in the graph': {
    network: () => heads('batch', (deltas) => makeLoss({ data: variable('bbox_weight').mul(smoothL1({ data: deltas.sub(variable('bbox_target')), scalar: 1 })), gradScale: 1 / regions, name: 'bbox_loss' })),
    rescaleGradient: 1,
  },
};

function heads(normalization: 'batch' | undefined, boxLoss: (deltas: Symbol) => Symbol): Symbol {
  const data = variable('data');
  const scores = fullyConnected({ data, numHidden: classes, name: 'cls_score' });
  const deltas = fullyConnected({ data, numHidden: width, name: 'bbox_pred' });
  return group([softmaxOutput({ data: scores, label: variable('label'), ...(normalization && { normalization }), name: 'cls_prob' }), boxLoss(deltas)]);
}

async function trained({ network, rescaleGradient }: Era): Promise<{ readonly [name: string]: Float32Array }> {
  const random = new RandomGenerator(5);
  const symbol = network();
  const weightNames = symbol.listArguments().filter((name) => /^bbox_((in|out)side_)?weight$/.test(name));
  const shapes = { data: [regions, features], label: [regions], bbox_target: [regions, width], ...Object.fromEntries(weightNames.map((name) => [name, [regions, width]])) };
  const parameters = symbol.listArguments().filter((name) => !Object.hasOwn(shapes, name)).sort();
  const executor = simpleBind(symbol, { shapes, gradReq: Object.fromEntries(parameters.map((name) => [name, 'write' as const])) });
  for (const name of parameters) executor.argDict[name]!.assign(random.normal(executor.argDict[name]!.shape, 0, 0.3));
  const label = Float32Array.from({ length: regions }, (_, i) => (i % 4 === 0 ? 1 + (i % 3) : 0));
  const weight = Float32Array.from({ length: regions * width }, (_, i) => Number(label[Math.floor(i / width)]! > 0 && Math.floor((i % width) / 4) === label[Math.floor(i / width)]));
  const feeds = { data: random.normal([regions, features]), label: array(label), bbox_target: random.normal([regions, width]), ...Object.fromEntries(weightNames.map((name) => [name, array(weight, { shape: [regions, width] })])) };
  const update = getUpdater(createOptimizer('sgd', { learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4, rescaleGradient, indexToName: { ...parameters } }));
  const arrays = parameters.map((name) => executor.argDict[name]!);
  for (let step = 0; step < 3; step++) {
    await executor.forward({ isTrain: true, feeds });
    await executor.backward();
    update(parameters.map((_, i) => i), parameters.map((name) => executor.gradDict[name]!), arrays);
  }
  const numbers = await read(arrays);
  return Object.fromEntries(parameters.map((name, i) => [name, numbers[i] as Float32Array]));
}

test('both eras of the source make the same updates', async () => {
  const [first, second] = await Promise.all(Object.values(eras).map(trained));
  expect(Object.keys(first!)).toEqual(['bbox_pred_bias', 'bbox_pred_weight', 'cls_score_bias', 'cls_score_weight']);
  for (const [name, expected] of Object.entries(first!)) {
    expect(Math.max(...second![name]!.map((value, i) => Math.abs(value - expected[i]!))), name).toBeLessThan(2e-6);
  }
});

test('without the division the updates are others', async () => {
  const sums = eras['inside and outside weights']!;
  const [first, second] = [await trained(sums), await trained({ ...sums, rescaleGradient: 1 })];
  for (const [name, expected] of Object.entries(first)) expect(Math.max(...second[name]!.map((value, i) => Math.abs(value - expected[i]!))), name).toBeGreaterThan(0.01);
});
