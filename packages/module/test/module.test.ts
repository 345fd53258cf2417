import { NDArrayIter } from '@lossworks/data';
import { fullyConnected, Monitor, variable } from '@lossworks/graph';
import { create } from '@lossworks/metrics';
import { array, evaluationCounts, full, ones, read, zeros } from '@lossworks/ndarray';
import { createOptimizer, FactorScheduler } from '@lossworks/optim';
import { describe, expect, it } from 'vitest';
import { Module, Uniform, type ModuleOptions } from '../src/index.js';
import { bothMetrics, classifier, classifierWithCenters, points } from './small-networks.js';

const quiet: Partial<ModuleOptions> = { logger: () => undefined };

function bound(symbol = classifier(), options: Partial<ModuleOptions> = {}, rows = 12): { module: Module; data: ReturnType<typeof points> } {
  const data = points(rows);
  const module = new Module(symbol, { ...quiet, ...options });
  module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
  return { module, data };
}

function ready(...given: Parameters<typeof bound>): ReturnType<typeof bound> {
  const made = bound(...given);
  made.module.initParams({ initializer: new Uniform({ scale: 0.3 }) });
  made.module.initOptimizer({ optimizerOptions: { learningRate: 0.1, momentum: 0.9 } });
  return made;
}

async function counted(act: () => Promise<unknown>): Promise<{ runs: number; compilations: number }> {
  const before = evaluationCounts();
  await act();
  const after = evaluationCounts();
  return { runs: after.runs - before.runs, compilations: after.compilations - before.compilations };
}

describe('a training step', () => {
  it('is one run of the engine, compiled once, whatever the learning rate', async () => {
    const { module, data } = bound(classifierWithCenters());
    module.initParams();
    const scheduler = new FactorScheduler({ step: 1, factor: 0.5, baseLearningRate: 0.1 });
    module.initOptimizer({ optimizer: 'sgd', optimizerOptions: { momentum: 0.9, weightDecay: 0.01, scheduler } });
    const metric = bothMetrics();
    const counts: unknown[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      data.reset();
      for (const batch of data) {
        counts.push(
          await counted(async () => {
            await module.forwardBackward(batch, { validRows: 4 });
            module.update();
            await module.updateMetric(metric, batch, { validRows: 4 });
          }),
        );
      }
    }
    expect(counts).toEqual([{ runs: 1, compilations: 1 }, ...new Array(5).fill({ runs: 1, compilations: 0 })]);
    expect(module.optimizer!.learningRate).toBeCloseTo(0.1 * 0.5 ** 5, 8);
  });

  it('compiles once more for a batch of another size and trains the same weights', async () => {
    const { module } = ready();
    const step = async (rows: number) => {
      const batch = { data: [ones([rows, 4])], label: [zeros([rows])] };
      return counted(async () => {
        await module.forwardBackward(batch);
        module.update();
        await module.updateMetric(create('acc'), batch);
      });
    };
    const compilations: number[] = [];
    const weights: number[][] = [];
    for (const rows of [4, 2, 4, 2, 4]) {
      const { runs, compilations: compiled } = await step(rows);
      expect(runs).toBe(1);
      compilations.push(compiled);
      weights.push([...(await module.getParams().argParams['fc2_bias']!.data())]);
    }
    expect(compilations).toEqual([1, 1, 0, 0, 0]);
    expect(new Set(weights.map(String)).size).toBe(5);
  });

  it('runs once where nobody looks at the outputs until the next forward', async () => {
    const { module, data } = ready();
    const batches = [...data];
    const { runs } = await counted(async () => {
      for (const batch of batches) {
        await module.forwardBackward(batch);
        module.update();
      }
    });
    expect(runs).toBe(batches.length - 1);
  });

  it('moves every parameter but the fixed ones', async () => {
    const { module, data } = ready(classifier(), { fixedParameterNames: ['fc1_weight', 'fc1_bias'] });
    const before = module.getParams().argParams;
    await module.forwardBackward(data.next()!);
    module.update();
    const after = module.getParams().argParams;
    for (const name of module.parameterNames) {
      const [old, moved] = await read([before[name]!, after[name]!]);
      expect(String(old) === String(moved)).toBe(name.startsWith('fc1'));
    }
  });

  it('divides gradients by the batch size unless the optimizer is made by hand', async () => {
    const moved = async (optimizer: Parameters<Module['initOptimizer']>[0]) => {
      const { module, data } = bound(classifier({ rate: 0 }));
      module.initParams({ initializer: new Uniform({ scale: 0.3 }) });
      module.initOptimizer(optimizer);
      await module.forwardBackward(data.next()!);
      module.update();
      return module.getParams().argParams['fc2_bias']!.data();
    };
    const averaged = await moved({ optimizerOptions: { learningRate: 0.1 } });
    const summed = await moved({ optimizer: createOptimizer('sgd', { learningRate: 0.1 }) });
    expect([...averaged].map((value) => value * 4)).toEqual([...summed].map((value) => expect.closeTo(value, 6)));
  });

  it('gives the gradient of the data where it was asked for', async () => {
    const { module, data } = bound(classifier({ rate: 0 }));
    module.initParams();
    await module.forwardBackward(data.next()!);
    expect(() => module.getInputGradients()).toThrow(/bind with inputsNeedGradient: true/);
    module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel, inputsNeedGradient: true, forceRebind: true });
    await module.forwardBackward(data.next()!);
    const [gradient] = module.getInputGradients();
    expect(gradient!.shape).toEqual([4, 4]);
    expect([...(await gradient!.data())].some((value) => value !== 0)).toBe(true);
  });

  it('adds gradients up where they are to be added', async () => {
    const data = points(12);
    const batch = data.next()!;
    const moved = async (gradReq: 'write' | 'add') => {
      const module = new Module(classifier({ rate: 0 }), quiet);
      module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel, gradReq });
      module.initParams({ initializer: new Uniform({ scale: 0.3 }) });
      module.initOptimizer({ optimizerOptions: { learningRate: 0.1 } });
      await module.forwardBackward(batch);
      await module.forwardBackward(batch);
      module.update();
      return module.getParams().argParams['fc2_bias']!.data();
    };
    const [once, twice] = [await moved('write'), await moved('add')];
    expect([...twice]).toEqual([...once].map((value) => expect.closeTo(2 * value, 6)));
  });
});

describe('a monitor in fit', () => {
  it('tells outputs, gradients and parameters of every second step that match its pattern', async () => {
    const lines: string[] = [];
    const module = new Module(classifier({ rate: 0 }), { logger: (line) => void (line.startsWith('Batch:') && lines.push(line)) });
    await module.fit(points(12), { numEpoch: 1, monitor: new Monitor(2, { pattern: 'fc2.*' }) });
    const told = lines.map((line) => line.trim().split(/\s+/).slice(1, 3).join(' '));
    const names = ['fc2_output', 'fc2_backward_output0', 'fc2_backward_output1', 'fc2_backward_output2', 'fc2_weight', 'fc2_bias'];
    // Steps are counted before they are told.
    expect(told).toEqual([1, 3].flatMap((step) => names.map((name) => `${step} ${name}`)));
    const { argParams } = module.getParams();
    const weight = await argParams['fc2_weight']!.data();
    const norm = Math.hypot(...weight) / Math.sqrt(weight.length);
    expect(Number(lines.at(-2)!.trim().split(/\s+/).at(-1))).toBeCloseTo(norm, 5);
  });

  it('changes nothing about the training, and tells shared parameters once where batches differ in size', async () => {
    const run = async (monitor?: Monitor): Promise<number[]> => {
      const module = new Module(classifier({ rate: 0 }), { seed: 3, logger: () => undefined });
      await module.fit(points(8), { numEpoch: 1, ...(monitor && { monitor }) });
      await module.forward({ data: [array(new Float32Array(8), { shape: [2, 4] })], label: [zeros([2])] }, { isTrain: false });
      await module.getOutputs()[0]!.data();
      return [...(await module.getParams().argParams['fc1_weight']!.data())];
    };
    const monitor = new Monitor(1);
    // A gradient that is told is one more result, so no factor of the update can be multiplied into it beforehand: the last place may differ.
    expect(await run(monitor)).toEqual((await run()).map((each) => expect.closeTo(each, 8)));
    monitor.tic();
    const names = (await monitor.toc()).map(([, name]) => name);
    expect(names.filter((name) => name === 'fc1_weight')).toHaveLength(1);
  });
});

describe('padding', () => {
  it.each<[claim: string, countPadding: boolean, samples: number]>([
    ['is left out of the metric', false, 6],
    ['is counted as MXNet counts it', true, 8],
  ])('%s with countPadding %s', async (_, countPadding, samples) => {
    const { module } = ready();
    const data = points(6);
    const metric = create('acc');
    await module.score(data, metric, { countPadding });
    expect((metric.toJSON().states as { local: { count: number } }).local.count).toBe(samples);
    const trained = create('acc');
    await new Module(classifier(), quiet).fit(points(6), { numEpoch: 1, evalMetric: trained, countPadding });
    expect((trained.toJSON().states as { local: { count: number } }).local.count).toBe(samples);
  });

  it('does not move class centers', async () => {
    const centersAfter = async (batchSize: number, countPadding: boolean) => {
      const module = new Module(classifierWithCenters({ plain: true }), quiet);
      const options = { numEpoch: 1, evalMetric: bothMetrics(), optimizerOptions: { learningRate: 0 }, countPadding };
      await module.fit(points(6, { batchSize }), options);
      return [...(await module.getParams().auxParams['center_loss_center']!.data())];
    };
    const sixOfSix = await centersAfter(6, false);
    expect(sixOfSix.some((value) => value !== 0)).toBe(true);
    expect(await centersAfter(8, false)).toEqual(sixOfSix.map((value) => expect.closeTo(value, 6)));
    expect(await centersAfter(8, true)).not.toEqual(sixOfSix.map((value) => expect.closeTo(value, 6)));
  });

  it('is one program with the full batches before it', async () => {
    const module = new Module(classifierWithCenters(), quiet);
    const counts: number[] = [];
    const options = { evalMetric: bothMetrics(), numEpoch: 2, batchEndCallback: () => void counts.push(evaluationCounts().compilations) };
    const before = evaluationCounts().compilations;
    await module.fit(points(10), options);
    expect(counts.map((count) => count - before)).toEqual(new Array(6).fill(1));
  });

  it('is unknown to an iterator whose rows fill its batches, or that says so', async () => {
    const told: unknown[] = [];
    class Listening extends Module {
      override async forwardBackward(...given: Parameters<Module['forwardBackward']>): Promise<void> {
        told.push(given[1]?.validRows);
        await super.forwardBackward(...given);
      }
    }
    class NeverPads extends NDArrayIter {
      override get padsBatches(): boolean {
        return false;
      }
    }
    const rows = (count: number) => ({ shape: [count, 4], data: new Float32Array(count * 4) });
    for (const data of [points(8), new NeverPads(rows(6), new Float32Array(6), { batchSize: 4 }), points(6)]) {
      await new Listening(classifier(), quiet).fit(data, { numEpoch: 1 });
    }
    expect(told).toEqual([undefined, undefined, undefined, undefined, 4, 2]);
  });

  it('is dropped from predictions, joined and batch by batch; a loss of shape [1] is kept for every batch', async () => {
    const { module } = ready(classifierWithCenters());
    const data = points(6);
    const [classes, losses] = await module.predict(data, { alwaysOutputList: true });
    expect([classes!.shape, losses!.shape]).toEqual([[6, 3], [2]]);
    const shapes: unknown[] = [];
    for await (const { outputs, nbatch } of module.iterPredict(data)) shapes.push([nbatch, outputs[0]!.shape]);
    expect(shapes).toEqual([[0, [4, 3]], [1, [2, 3]]]);
  });
});

describe('prediction and scoring', () => {
  it('gives one array for one output, and as many batches as wanted', async () => {
    const { module, data } = ready();
    const all = await module.predict(data);
    const some = await module.predict(data, { numBatch: 2 });
    expect(all).toHaveProperty('shape', [12, 3]);
    expect(some).toHaveProperty('shape', [8, 3]);
  });

  it('needs no labels', async () => {
    const { module } = ready();
    await module.forward({ data: [ones([3, 4])] }, { isTrain: false });
    expect(module.getOutputs()[0]!.shape).toEqual([3, 3]);
    expect((await module.getOutputs()[0]!.data()).length).toBe(9);
  });

  it('feeds bytes and labels of whole numbers as well', async () => {
    const { module } = ready();
    const bytes = array(Uint8Array.from({ length: 16 }, (_, i) => i), { shape: [4, 4] });
    const metric = create('acc');
    for (const label of [Int32Array.of(0, 1, 2, 0), Uint8Array.of(0, 1, 2, 0)]) {
      const batch = { data: [bytes], label: [array(label)] };
      await module.forward(batch, { isTrain: false });
      await module.updateMetric(metric, batch);
    }
    await expect(module.forward({ data: [bytes], label: [array(Int32Array.of(0, 1, 9, 0))] }, { isTrain: false })).rejects.toThrow(/label \(softmax_label\) is 9 at position 2/);
  });

  it.each([['fed', false], ['all', true]] as const)('a NaN that the network computes is refused, with where it arose, where checkInputs is all (%s)', async (checkInputs, refused) => {
    const { module } = ready(classifier(), { checkInputs });
    const batch = { data: [ones([4, 4])], label: [array(Uint8Array.of(0, 1, 2, 0))] };
    await module.trainStep(batch);
    module.setParams({ ...module.getParams().argParams, fc1_weight: full([5, 4], NaN) });
    const step = module.trainStep(batch);
    if (refused) await expect(step).rejects.toThrow(/^softmax \(SoftmaxOutput\): data \(fc2_output\) holds NaN at position 0; .* It arose here: fc1 \(FullyConnected\): the input weight \(fc1_weight\) is not finite$/);
    else await expect(step).resolves.toBeUndefined();
  });

  it('two scores are equal, and training between them is not', async () => {
    const { module, data } = ready();
    const before = await module.score(data, 'ce');
    expect(await module.score(data, 'ce')).toEqual(before);
    data.reset();
    await module.fit(data, { numEpoch: 5, evalMetric: 'ce' });
    expect((await module.score(data, 'ce'))[0]![1]).toBeLessThan(before[0]![1]);
  });
});

describe('parameters', () => {
  it('are the same from the same seed, others from another', async () => {
    const weights = async (seed: number) => {
      const { module } = bound(classifier(), { seed });
      module.initParams();
      return module.getParams().argParams['fc1_weight']!.data();
    };
    expect(await weights(1)).toEqual(await weights(1));
    expect(await weights(1)).not.toEqual(await weights(2));
  });

  it('given out keep their values', async () => {
    const { module, data } = ready();
    const { argParams } = module.getParams();
    const before = await argParams['fc2_weight']!.data();
    await module.forwardBackward(data.next()!);
    module.update();
    expect(await argParams['fc2_weight']!.data()).toEqual(before);
    expect(await module.getParams().argParams['fc2_weight']!.data()).not.toEqual(before);
  });

  it('that are given are taken, others initialized where that is allowed', async () => {
    const { module } = bound();
    module.initParams({ argParams: { fc2_bias: array([1, 2, 3]), stranger: array([1]) }, allowMissing: true });
    const { argParams } = module.getParams();
    expect([...(await argParams['fc2_bias']!.data())]).toEqual([1, 2, 3]);
    expect([...(await argParams['fc1_weight']!.data())].some((value) => value !== 0)).toBe(true);
  });

  it('follow the attributes of their variables', async () => {
    const weight = variable('w', { init: '["constant", {"value": 2}]' });
    const module = new Module(fullyConnected({ data: variable('data'), weight, numHidden: 2, name: 'fc' }), quiet);
    module.bind({ dataShapes: [{ name: 'data', shape: [1, 3] }] });
    module.initParams();
    expect([...(await module.getParams().argParams['w']!.data())]).toEqual([2, 2, 2, 2, 2, 2]);
  });
});

describe('what a module refuses', () => {
  const batch = { data: [ones([4, 4])], label: [zeros([4])] };
  it.each<[claim: string, act: () => unknown, message: RegExp]>([
    ['data names that are no arguments', () => new Module(classifier(), { dataNames: ['image'] }), /dataNames has image, no argument of the symbol; the arguments are data, fc1_weight/],
    ['fixed parameters that are none', () => new Module(classifier(), { fixedParameterNames: ['fc9_weight'] }), /fixedParameterNames has fc9_weight/],
    ['shapes under other names', () => new Module(classifier(), quiet).bind({ dataShapes: [{ name: 'image', shape: [4, 4] }] }), /dataShapes describes image, the module has data/],
    ['forward before bind', () => new Module(classifier(), quiet).forward(batch), /no arrays yet; call bind/],
    ['forward before the parameters have values', () => bound().module.forward(batch), /call initParams first/],
    ['an optimizer before that', () => bound().module.initOptimizer(), /call initParams first/],
    ['update without an optimizer', () => { const { module } = bound(); module.initParams(); module.update(); }, /call initOptimizer first/],
    ['outputs before forward', () => ready().module.getOutputs(), /call forward\(batch\) first/],
    ['parameters that are missing', () => bound().module.initParams({ argParams: {} }), /there is no value for fc1_bias; give one, or set allowMissing/],
    ['parameters of another shape', () => bound().module.initParams({ argParams: { fc1_bias: ones([7]) }, allowMissing: true }), /fc1_bias: the array given has shape \[7\], the network needs \[5\]/],
    ['unknown parameters, asked strictly', () => ready().module.setParams({ nope: ones([1]) }, {}, { allowMissing: true }), /the network has no parameter nope; leave it out, or set allowExtra/],
    ['samples of another shape', () => ready().module.forward({ data: [ones([4, 7])], label: [zeros([4])] }), /fc1_weight would need shape \[5,7\], it has \[5,4\]/],
    ['a batch without its data', () => ready().module.forward({ data: [] }), /the batch has 0 data array\(s\), bound are data/],
    ['an unknown optimizer', () => { const { module } = bound(); module.initParams(); module.initOptimizer({ optimizer: 'nope' }); }, /no optimizer "nope"/],
    ['an iterator that is at its end', () => { const data = points(4); data.next(); return new Module(classifier(), quiet).fit(data, { numEpoch: 1 }); }, /gave no batch for epoch 0; call its reset\(\) first/],
    ['a fit without an end', () => new Module(classifier(), quiet).fit(points(4), {} as never), /numEpoch is undefined/],
  ])('%s', async (_, act, message) => {
    await expect((async () => act())()).rejects.toThrow(message);
  });

  it('a second bind, initParams with values and initOptimizer are ignored, with a line that says so', () => {
    const lines: string[] = [];
    const { module, data } = ready(classifier(), { logger: (line) => lines.push(line) });
    module.bind({ dataShapes: data.provideData });
    module.initParams({ argParams: {} });
    module.initOptimizer();
    expect(lines).toEqual([expect.stringContaining('bound already'), expect.stringContaining('values already'), expect.stringContaining('optimizer already')]);
  });
});
