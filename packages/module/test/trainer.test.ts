import { create } from '@lossworks/metrics';
import { evaluationCounts, log, mean, mul, neg, oneHot, read, sum, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { Module, Uniform, type FitOptions, type InitOptimizerOptions, type ModuleOptions } from '../src/index.js';
import { classifier, classifierWithCenters, points } from './small-networks.js';

const quiet: Partial<ModuleOptions> = { logger: () => undefined };

/** What SoftmaxOutput's gradients are those of: the cross entropy, added up over the batch. */
const crossEntropy: InitOptimizerOptions['loss'] = ({ softmax_output: probabilities }, { softmax_label: label }) =>
  neg(sum(mul(log(probabilities!), oneHot(label!, 3))));

async function trained(options: Partial<FitOptions>, network = classifier({ rate: 0 })): Promise<Module> {
  const module = new Module(network, { ...quiet, seed: 2 });
  await module.fit(points(12), { numEpoch: 2, initializer: new Uniform({ scale: 0.3 }), ...options });
  return module;
}

const numbers = (arrays: Readonly<Record<string, NDArray>>) => read(Object.values(arrays));

describe('inference uses the weights to evaluate', () => {
  it.each<[name: string, options: Partial<FitOptions>]>([
    ['an average of weights', { optimizer: 'sgd', optimizerOptions: { learningRate: 0.5, averageWeights: 0.8 } }],
    ['schedule-free sgd', { optimizer: 'schedulefreesgd', optimizerOptions: { learningRate: 0.5 } }],
    ['sam around schedule-free adamw', { optimizer: 'sam', optimizerOptions: { optimizer: 'schedulefreeadamw', learningRate: 0.1 } }],
  ])('of %s: predict and score give what a plain module gives with these weights', async (_, options) => {
    const module = await trained(options);
    const evaluated = module.getParams({ forEvaluation: true });
    const before = await numbers(module.getParams().argParams);
    expect(await numbers(evaluated.argParams)).not.toEqual(before);
    const plain = new Module(classifier({ rate: 0 }), quiet);
    const data = points(12);
    plain.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel, forTraining: false });
    plain.setParams(evaluated.argParams);
    const outputs = async (of: Module) => read(await of.predict(data, { alwaysOutputList: true }));
    expect(await outputs(module)).toEqual(await outputs(plain));
    expect(await module.score(data, 'ce')).toEqual(await plain.score(data, 'ce'));
    // Nothing that is trained has moved.
    expect(await numbers(module.getParams().argParams)).toEqual(before);
  });

  it('and training goes on as if nothing had been looked at, also where the last update still waits to be computed', async () => {
    const run = async (looks: boolean) => {
      const module = await trained({ numEpoch: 1, optimizer: 'adam', optimizerOptions: { averageWeights: 0.5 } });
      for (const batch of points(12)) {
        await module.forwardBackward(batch);
        module.update();
        if (looks) await module.predict(points(8));
      }
      return [await numbers(module.getParams().argParams), await numbers(module.getParams({ forEvaluation: true }).argParams)];
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it('that are those being trained before the first update and without an average', async () => {
    const module = new Module(classifier(), quiet);
    const data = points(8);
    module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
    module.initParams();
    module.initOptimizer({ optimizerOptions: { averageWeights: 0.5 } });
    await module.predict(data);
    expect(module.trainer!.state().arrays).toEqual({});
  });
});

describe('fit with an algorithm that evaluates more than once', () => {
  it('sam steps by the gradient at a distance: without one it is its optimizer', async () => {
    const weights = async (optimizer: string, optimizerOptions: object) => numbers((await trained({ optimizer, optimizerOptions: { learningRate: 0.1, momentum: 0.9, ...optimizerOptions } })).getParams().argParams);
    const plain = await weights('sgd', {});
    expect(await weights('sam', { radius: 0 })).toEqual(plain);
    expect(await weights('SAM', { radius: 0.1 })).not.toEqual(plain);
  });

  it('sam takes one run of the engine a step, sees a batch once, and shows the metric the first evaluation', async () => {
    const make = (optimizer: string) => {
      const module = new Module(classifierWithCenters(), { ...quiet, seed: 3 });
      const data = points(4);
      module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
      module.initParams({ initializer: new Uniform({ scale: 0.3 }) });
      module.initOptimizer({ optimizer, optimizerOptions: { learningRate: 0.1 } });
      return { module, batch: data.next()! };
    };
    const [sam, sgd] = [make('sam'), make('sgd')];
    const values: unknown[] = [];
    for (const { module, batch } of [sam, sgd]) {
      const metric = create('ce', { outputNames: ['softmax_output'] });
      const { runs } = evaluationCounts();
      await module.trainStep(batch);
      await module.updateMetric(metric, batch);
      expect(evaluationCounts().runs - runs).toBe(1);
      values.push(metric.get(), await numbers(module.getParams().auxParams), module.random.state, module.step);
    }
    expect(values.slice(0, 4)).toEqual(values.slice(4));
    expect(await numbers(sam.module.getParams().argParams)).not.toEqual(await numbers(sgd.module.getParams().argParams));
  });

  it('lbfgs searches by the loss it is given, past what sgd reaches', async () => {
    const loss = async (options: Partial<FitOptions>) => (await (await trained({ numEpoch: 8, ...options })).score(points(12), 'ce'))[0]![1];
    const whole = points(12, { batchSize: 12 });
    const module = new Module(classifier({ rate: 0 }), { ...quiet, seed: 2 });
    await module.fit(whole, { numEpoch: 8, initializer: new Uniform({ scale: 0.3 }), optimizer: 'lbfgs', optimizerOptions: {}, loss: crossEntropy! });
    const [[, reached]] = (await module.score(points(12), 'ce')) as [[string, number]];
    expect(reached).toBeLessThan(0.1 * (await loss({ optimizer: 'sgd', optimizerOptions: { learningRate: 0.1 } })));
  });

  it('goes on over new arrays where the module is bound again', async () => {
    const run = async (rebinds: boolean) => {
      const module = await trained({ optimizer: 'sam', optimizerOptions: { learningRate: 0.1, momentum: 0.9 } });
      const data = points(12);
      if (rebinds) module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel, forceRebind: true });
      await module.trainStep(data.next()!);
      return numbers(module.getParams().argParams);
    };
    expect(await run(true)).toEqual(await run(false));
  });

  it.each<[claim: string, act: (module: Module) => unknown, message: RegExp]>([
    ['lbfgs without a loss', (module) => module.initOptimizer({ optimizer: 'lbfgs', optimizerOptions: {} }), /lbfgs searches by the loss.*give loss: \(outputs, labels\)/],
    ['options that lbfgs does not have', (module) => module.initOptimizer({ optimizer: 'lbfgs', optimizerOptions: { momentum: 1 }, loss: () => mean(module.getOutputs()[0]!) }), /lbfgs has no option momentum/],
    [
      'an update by hand',
      (module) => {
        module.initOptimizer({ optimizer: 'sam' });
        module.update();
      },
      /sam evaluates more than once a step; call trainStep\(batch\)/,
    ],
  ])('refuses %s', (_, act, message) => {
    const module = new Module(classifier(), quiet);
    const data = points(8);
    module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
    module.initParams();
    expect(() => act(module)).toThrow(message);
  });
});
