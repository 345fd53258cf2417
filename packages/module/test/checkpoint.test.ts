import { create } from '@lossworks/metrics';
import { currentEngine, encodeSafetensors, ones, useEngine, type Engine } from '@lossworks/ndarray';
import { createOptimizer, FactorScheduler } from '@lossworks/optim';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  checkpointOf, checkpointPath, decodeCheckpoint, encodeCheckpoint, loadMxnetCheckpoint, Module, moduleCheckpoint, readCheckpoint, saveMxnetCheckpoint, stepCheckpoint,
  Uniform, type Checkpoint, type FitOptions, type ModuleOptions,
} from '../src/index.js';
import { registerLossOperators } from '../../losses/src/index.js';
import { bothMetrics, classifier, classifierWithCenters, points } from './small-networks.js';

const quiet: Partial<ModuleOptions> = { logger: () => undefined };
let folder: string;

beforeAll(registerLossOperators);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lossworks-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** Everything a training has moved, bit for bit, and what it said. */
async function trained(options: Partial<FitOptions> = {}, iterator = shuffled()) {
  const lines: string[] = [];
  const module = new Module(classifierWithCenters(), { seed: 5, logger: (line) => lines.push(line) });
  const scheduler = new FactorScheduler({ step: 4, factor: 0.7, baseLearningRate: 0.1 });
  await module.fit(iterator, {
    numEpoch: 4,
    evalMetric: bothMetrics(),
    optimizerOptions: { momentum: 0.9, weightDecay: 0.01, scheduler },
    initializer: new Uniform({ scale: 0.3 }),
    ...options,
  });
  return { module, lines: lines.filter((line) => line.includes('Train-')), checkpoint: await checkpointOf(module) };
}

const shuffled = () => points(18, { shuffle: true, seed: 3 });

/** Two checkpoints of the same moment are equal but for where they came from. */
function bits({ argParams, auxParams, optimizerArrays, training: { random, optimizer, step } }: Checkpoint) {
  return { argParams, auxParams, optimizerArrays, random, optimizer, step };
}

/** The engine, until its runs have been counted down: then every run ends as those of a device that is lost. */
function failing(engine: Engine, runs: number): Engine {
  let left = runs;
  return {
    name: engine.name,
    device: engine.device,
    upload: (data, shape, dtype) => engine.upload(data, shape, dtype),
    read: (buffer) => engine.read(buffer),
    free: (buffer) => engine.free(buffer),
    compile: async (program) => {
      const compiled = await engine.compile(program);
      return {
        run: (inputs) => (left-- > 0 ? compiled.run(inputs) : Promise.reject(new Error('device lost'))),
        release: () => compiled.release(),
      };
    },
  };
}

describe('a training whose engine fails', () => {
  it('leaves the last checkpoint whole: resumed on another engine it is bit for bit the uninterrupted one', { timeout: 60_000 }, async () => {
    const before = await currentEngine();
    const prefix = join(folder, 'run');
    try {
      const whole = await trained({ numEpoch: 3 });
      await useEngine(failing(before, 9));
      const broken = trained({ numEpoch: 3, batchEndCallback: async (param) => stepCheckpoint(param.locals['module'] as Module, prefix)(param) });
      await expect(broken).rejects.toThrow('device lost');
      await useEngine(before);
      const steps = (await readdir(folder)).filter((name) => !name.endsWith('.tmp')).length;
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(15);
      const resumed = await trained({ numEpoch: 3, resume: await readCheckpoint(prefix, steps) });
      expect(bits(resumed.checkpoint)).toEqual(bits(whole.checkpoint));
    } finally {
      await useEngine(before);
    }
  });
});

describe('a training that is stopped and resumed', () => {
  // 18 samples in batches of 4: five batches an epoch, the last one filled up; 20 updates in four epochs.
  it('is bit for bit the uninterrupted one, after whichever update it stops', { timeout: 60_000 }, async () => {
    const prefix = join(folder, 'run');
    const whole = await trained({ numEpoch: 3 });
    await trained({ numEpoch: 3, batchEndCallback: async (param) => stepCheckpoint(param.locals['module'] as Module, prefix)(param) });
    expect((await readdir(folder)).length).toBe(15);
    for (let step = 1; step <= 15; step++) {
      const resumed = await trained({ numEpoch: 3, resume: await readCheckpoint(prefix, step) });
      expect(bits(resumed.checkpoint), `stopped after update ${step}`).toEqual(bits(whole.checkpoint));
      expect(resumed.lines, `stopped after update ${step}`).toEqual(whole.lines.slice(-resumed.lines.length));
    }
  });

  it('is that at the end of an epoch, where samples roll over into the next one too', { timeout: 30_000 }, async () => {
    const prefix = join(folder, 'epoch');
    const iterator = () => points(18, { shuffle: true, seed: 9, lastBatchHandle: 'rollOver' });
    const whole = await trained({}, iterator());
    const module = new Module(classifierWithCenters(), { ...quiet, seed: 5 });
    const options = { numEpoch: 2, evalMetric: bothMetrics(), optimizerOptions: { momentum: 0.9, weightDecay: 0.01, scheduler: new FactorScheduler({ step: 4, factor: 0.7, baseLearningRate: 0.1 }) } };
    await module.fit(iterator(), { ...options, initializer: new Uniform({ scale: 0.3 }), epochEndCallback: moduleCheckpoint(module, prefix, { period: 2 }) });
    expect(await readdir(folder)).toEqual(['epoch-0002.safetensors']);
    const resumed = await trained({ resume: await readCheckpoint(prefix, 2) }, iterator());
    expect(bits(resumed.checkpoint)).toEqual(bits(whole.checkpoint));
    expect(resumed.lines).toEqual(whole.lines.slice(4));
  });

  it('is that in a loop of one\'s own', { timeout: 30_000 }, async () => {
    const run = async (stopAfter?: number) => {
      const iterator = shuffled();
      const module = new Module(classifierWithCenters(), { ...quiet, seed: 5 });
      const begin = (made: Module) => {
        made.bind({ dataShapes: iterator.provideData, labelShapes: iterator.provideLabel });
        made.initParams({ initializer: new Uniform({ scale: 0.3 }) });
        made.initOptimizer({ optimizer: 'adam', optimizerOptions: { learningRate: 0.01 } });
      };
      begin(module);
      const step = async (made: Module, from: typeof iterator) => {
        const batch = from.next();
        if (!batch) return from.reset();
        await made.forwardBackward(batch, { validRows: 4 - batch.pad });
        made.update();
      };
      let [current, from] = [module, iterator];
      for (let i = 0; i < 13; i++) {
        if (i === stopAfter) {
          await current.saveCheckpoint(join(folder, 'own'), i, { iterator: from });
          current = new Module(classifierWithCenters(), { ...quiet, seed: 77 });
          begin(current);
          from = shuffled();
          await current.restore(await readCheckpoint(join(folder, 'own'), i), { iterator: from });
        }
        await step(current, from);
      }
      return bits(await checkpointOf(current));
    };
    const whole = await run();
    expect(await run(3)).toEqual(whole);
    expect(await run(8)).toEqual(whole);
  });
});

describe('a checkpoint', () => {
  it('replaces one of the same number and leaves no temporary file', async () => {
    const { module } = await trained({ numEpoch: 1 });
    const path = await module.saveCheckpoint(join(folder, 'deeper', 'net'), 7);
    expect(path).toBe(join(folder, 'deeper', 'net-0007.safetensors'));
    const before = await readFile(path);
    module.setParams({ fc1_bias: ones([6]) }, {}, { allowMissing: true });
    await module.saveCheckpoint(join(folder, 'deeper', 'net'), 7);
    expect(before.equals(await readFile(path))).toBe(false);
    expect(await readdir(join(folder, 'deeper'))).toEqual(['net-0007.safetensors']);
  });

  it('stays as it was where the new one cannot be written', async () => {
    const { module } = await trained({ numEpoch: 1 });
    const prefix = join(folder, 'net');
    await module.saveCheckpoint(prefix, 1);
    // A folder in the way of the next one.
    await mkdir(`${prefix}-0002.safetensors`);
    await expect(module.saveCheckpoint(prefix, 2)).rejects.toThrow(/net-0002\.safetensors: it cannot be written \(.*\); make the folder .* writable, free space on its disk, or choose another prefix$/);
    expect((await readdir(folder)).sort()).toEqual(['net-0001.safetensors', 'net-0002.safetensors']);
    expect((await readCheckpoint(prefix, 1)).training.step).toBe(5);
  });

  it('is loaded as a module that predicts the same', async () => {
    const { module } = await trained({ numEpoch: 1 });
    await module.saveCheckpoint(join(folder, 'net'), 1);
    const loaded = await Module.load(join(folder, 'net'), 1, quiet);
    const data = points(8);
    loaded.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel, forTraining: false });
    const [own] = await module.predict(data, { alwaysOutputList: true });
    const [other] = await loaded.predict(data, { alwaysOutputList: true });
    expect(await other!.data()).toEqual(await own!.data());
  });

  it('goes on with the saved optimizer states where they are wanted', async () => {
    const { module, checkpoint } = await trained({ numEpoch: 1 });
    await module.saveCheckpoint(join(folder, 'net'), 1);
    const states = async (loadOptimizerStates: boolean) => {
      const loaded = await Module.load(join(folder, 'net'), 1, { ...quiet, loadOptimizerStates });
      const data = points(8);
      loaded.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
      loaded.initOptimizer({ optimizerOptions: { momentum: 0.9, scheduler: new FactorScheduler({ step: 4, factor: 0.7, baseLearningRate: 0.1 }) } });
      return (await checkpointOf(loaded)).optimizerArrays;
    };
    expect(await states(true)).toEqual(checkpoint.optimizerArrays);
    expect((await states(false)).size).toBe(0);
  });

  it('survives as bytes alone, where there is no file system', async () => {
    const { checkpoint } = await trained({ numEpoch: 1 });
    expect(decodeCheckpoint(encodeCheckpoint(checkpoint), checkpoint.source)).toEqual(checkpoint);
  });
});

describe('a checkpoint that cannot be used is refused in one line', () => {
  async function saved(): Promise<{ bytes: Uint8Array; checkpoint: Checkpoint }> {
    const { checkpoint } = await trained({ numEpoch: 1 });
    return { bytes: encodeCheckpoint(checkpoint), checkpoint };
  }

  it('where there is none', async () => {
    await writeFile(join(folder, 'net-0003.safetensors'), 'x');
    await expect(readCheckpoint(join(folder, 'net'), 4)).rejects.toThrow(/net-0004\.safetensors: it cannot be read \(ENOENT.*\); there is net-0003\.safetensors$/);
    await expect(readCheckpoint(join(folder, 'other'), 4)).rejects.toThrow(/there is nothing named other-… in .*: check prefix and number$/);
  });

  it('where there can be no such folder', async () => {
    const { module } = await trained({ numEpoch: 1 });
    await writeFile(join(folder, 'file'), 'x');
    await expect(module.saveCheckpoint(join(folder, 'file', 'net'), 1)).rejects.toThrow(/net-0001\.safetensors: it cannot be written \((ENOTDIR|EEXIST)[^\n]*choose another prefix$/);
  });

  it('where it is cut off anywhere', async () => {
    const { bytes } = await saved();
    for (let length = 0; length < bytes.length; length += 97) expect(() => decodeCheckpoint(bytes.subarray(0, length), 'net-0001.safetensors')).toThrow(/^net-0001\.safetensors: [^\n]*another copy$/);
  });

  it('where one bit of its arrays or its state is another', async () => {
    const { bytes } = await saved();
    const header = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    for (let at = 8 + header; at < bytes.length; at += 41) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1;
      expect(() => decodeCheckpoint(damaged)).toThrow(/do not have the fingerprint they were saved with; it is damaged: take an earlier checkpoint/);
    }
    const text = new TextDecoder('latin1').decode(bytes);
    const damaged = Uint8Array.from(text.replace(String.raw`\"step\":5`, String.raw`\"step\":6`), (character) => character.charCodeAt(0));
    expect(() => decodeCheckpoint(damaged)).toThrow(/fingerprint/);
  });

  it('where it is no checkpoint, or one of another version', async () => {
    const plain = encodeSafetensors({ arrays: new Map() });
    expect(() => decodeCheckpoint(plain, 'w.safetensors')).toThrow(/^w\.safetensors: it is a safetensors file without training state, no checkpoint; read its arrays/);
    const later = encodeSafetensors({ arrays: new Map(), metadata: new Map([['format', 'lossworks checkpoint'], ['version', '9']]) });
    expect(() => decodeCheckpoint(later)).toThrow(/of version 9, this release reads version 1; read it with the release that wrote it/);
  });

  it.each<[claim: string, make: () => Module, message: RegExp]>([
    ['another width', () => new Module(classifier({ hidden: 7 }), quiet), /fc1_weight has shape \[5,4\] there, \[7,4\] here; fc1_bias has shape \[5\] there, \[7\] here; fc2_weight has shape \[3,5\] there, \[3,7\] here; build/],
    ['another loss', () => new Module(classifierWithCenters(), quiet), /fc1_weight has shape \[5,4\] there, \[6,4\] here.*build the network it was saved of/],
    ['another dropout', () => new Module(classifier({ rate: 0.25 }), quiet), /there is drop1 \(Dropout\) \{"p":"0\.5"\}, here drop1 \(Dropout\) \{"p":"0\.25"\}/],
  ])('where it is of a network with %s', async (_, make, message) => {
    const origin = new Module(classifier(), quiet);
    await origin.fit(points(8), { numEpoch: 1 });
    const checkpoint = await checkpointOf(origin, {}, 'net-0001.safetensors');
    const module = make();
    const data = points(8);
    module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
    await expect(module.restore(checkpoint)).rejects.toThrow(message);
    await expect(module.restore(checkpoint)).rejects.toThrow(/^net-0001\.safetensors: it is a checkpoint of another network: /);
  });

  it.each<[claim: string, options: Partial<FitOptions>, iterator: () => ReturnType<typeof points>, message: RegExp]>([
    ['another optimizer', { optimizer: 'adam', optimizerOptions: {} }, shuffled, /: adam: the saved counters are of optimizer "sgd"; make that one/],
    ['fewer samples', {}, () => points(12, { shuffle: true }), /: NDArrayIter: the saved order is not one of 12 rows/],
    ['larger batches', {}, () => points(18, { batchSize: 9, shuffle: true }), /: the iterator ends after 2 batches, 3 were trained; resume over the same data/],
    ['another metric', { evalMetric: create('ce') }, shuffled, /cross-entropy.*cannot take over/],
  ])('where it is resumed with %s', async (_, options, iterator, message) => {
    const prefix = join(folder, 'net');
    await trained({ numEpoch: 1, batchEndCallback: async (param) => stepCheckpoint(param.locals['module'] as Module, prefix, { period: 3 })(param) });
    await expect(trained({ resume: await readCheckpoint(prefix, 3), ...options }, iterator())).rejects.toThrow(message);
  });

  it('where it was saved without an optimizer and one is wanted', async () => {
    const data = points(8);
    const module = new Module(classifier(), quiet);
    module.bind({ dataShapes: data.provideData, labelShapes: data.provideLabel });
    module.initParams();
    const checkpoint = await checkpointOf(module);
    module.initOptimizer({ optimizer: createOptimizer('sgd', {}) });
    await expect(module.restore(checkpoint)).rejects.toThrow(/it was saved without an optimizer; call initOptimizer after it is restored/);
  });

  it('where its number is none', () => {
    expect(() => checkpointPath('net', -1)).toThrow(/checkpoint net: number -1 is no whole number/);
    expect(checkpointPath('net', 12345)).toBe('net-12345.safetensors');
  });
});

describe("MXNet's files", () => {
  it('hold symbol, parameters and auxiliary states of a module', async () => {
    const { module } = await trained({ numEpoch: 1 });
    const prefix = join(folder, 'mx');
    await saveMxnetCheckpoint(prefix, 3, { symbol: module.symbol, ...module.getParams() });
    expect((await readdir(folder)).sort()).toEqual(['mx-0003.params', 'mx-symbol.json']);
    const { symbol, argParams, auxParams } = await loadMxnetCheckpoint(prefix, 3);
    expect(symbol.toJSONText()).toBe(module.symbol.toJSONText());
    for (const [own, read] of [[module.getParams().argParams, argParams], [module.getParams().auxParams, auxParams]] as const) {
      expect(Object.keys(read)).toEqual(Object.keys(own));
      for (const [name, array] of Object.entries(own)) expect(await read[name]!.data()).toEqual(await array.data());
    }
  });

  it('that are missing or damaged are named', async () => {
    const prefix = join(folder, 'mx');
    await expect(loadMxnetCheckpoint(prefix, 3)).rejects.toThrow(/mx-symbol\.json: it cannot be read/);
    await writeFile(`${prefix}-symbol.json`, '{"nodes": []');
    await expect(loadMxnetCheckpoint(prefix, 3)).rejects.toThrow(/mx-symbol\.json: /);
    await writeFile(`${prefix}-symbol.json`, classifier().toJSONText());
    await expect(loadMxnetCheckpoint(prefix, 3)).rejects.toThrow(/mx-0003\.params: it cannot be read/);
    await writeFile(`${prefix}-0003.params`, 'nothing of the kind');
    await expect(loadMxnetCheckpoint(prefix, 3)).rejects.toThrow(/mx-0003\.params: its first word is/);
  });
});
