import { NDArrayIter } from '@lossworks/data';
import { Symbol } from '@lossworks/graph';
import { registerLossOperators } from '@lossworks/losses';
import { create, type Metric } from '@lossworks/metrics';
import { Module } from '@lossworks/module';
import { array, read, type NDArray } from '@lossworks/ndarray';
import { optionsFromMxnet } from '@lossworks/optim';
import type { Tolerance } from '../compare.js';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray, type RecordedNumber } from './deviation.js';
import { registerRecordedCustomOps } from './recorded-custom-ops.js';
import { missingInGraph } from './recorded-symbols.js';

type Arrays = { readonly [name: string]: RecordedArray };

/** A case of `training.json`: a whole training with what it gave after every update. */
export interface TrainingCase {
  readonly name: string;
  readonly kind: 'training';
  readonly json: Parameters<typeof missingInGraph>[0];
  readonly optimizer: string;
  readonly optimizerParams: Readonly<Record<string, unknown>>;
  readonly batchSize: number;
  readonly rescaleGrad: number;
  readonly data: RecordedArray;
  readonly label: RecordedArray;
  readonly labelName: string;
  readonly epochs: number;
  readonly numDevices: number;
  readonly workLoadList: readonly number[] | null;
  /** Whether the auxiliary states of the devices were joined after an epoch, as `fit` does. */
  readonly syncAtEpochEnd: boolean;
  readonly initArgs: Arrays;
  readonly initAux: Arrays;
  readonly steps: readonly {
    readonly outputs: readonly RecordedArray[];
    readonly args: { readonly [name: string]: readonly RecordedNumber[] };
    readonly aux: { readonly [name: string]: readonly RecordedNumber[] };
  }[];
  readonly metric: string;
  readonly epochMetric: readonly RecordedNumber[];
  readonly predict: readonly RecordedArray[];
}

/** Rounding adds up from step to step. */
const tolerance: Tolerance = { relative: 1e-4, absolute: 2e-5 };

/** Trains as MXNet's `Module` did and compares outputs, parameters and auxiliary states after every update, metrics, and predictions. */
export async function runTrainingCase(recorded: TrainingCase): Promise<CaseResult> {
  registerLossOperators();
  registerRecordedCustomOps();
  const missing = missingInGraph(recorded.json);
  if (missing.length > 0) return { status: 'skipped', reason: `operator ${missing.join(', ')} is not built yet` };
  const { labelName, batchSize, epochs } = recorded;
  const iterator = new NDArrayIter({ data: source(recorded.data) }, { [labelName]: source(recorded.label) }, { batchSize });
  const module = new Module(Symbol.loadJSON(recorded.json), { labelNames: [labelName], workLoads: recorded.workLoadList ?? Array<number>(recorded.numDevices).fill(1) });
  module.bind({ dataShapes: iterator.provideData, labelShapes: iterator.provideLabel });
  module.initParams({ argParams: decodeAll(recorded.initArgs), auxParams: decodeAll(recorded.initAux) });
  module.initOptimizer({ optimizer: recorded.optimizer, optimizerOptions: { ...optionsFromMxnet(recorded.optimizerParams), rescaleGradient: recorded.rescaleGrad } });
  const metric = metricFor(recorded, module);
  const found: (string | undefined)[] = [];
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    iterator.reset();
    metric.reset();
    for (const batch of iterator) {
      await module.forwardBackward(batch);
      module.update();
      await module.updateMetric(metric, batch);
      found.push(...(await compareStep(module, recorded.steps[step], step)));
      step++;
    }
    if (recorded.syncAtEpochEnd) module.joinWorkers();
    found.push(deviation(`metric of epoch ${epoch}`, [metric.get()[1] as number], [recorded.epochMetric[epoch]!], tolerance));
  }
  if (step !== recorded.steps.length) found.push(`${step} updates instead of ${recorded.steps.length}`);
  const predictions = await module.predict(iterator, { alwaysOutputList: true });
  for (const [i, expected] of recorded.predict.entries()) found.push(await compareArray(`prediction ${i}`, predictions[i], expected));
  return verdict(found);
}

/** MXNet's recorder restricted a classification metric to the first output. */
function metricFor({ metric, labelName }: TrainingCase, module: Module): Metric {
  return create(metric, metric === 'acc' ? { outputNames: [module.outputNames[0]!], labelNames: [labelName] } : {});
}

async function compareStep(module: Module, expected: TrainingCase['steps'][number] | undefined, step: number): Promise<(string | undefined)[]> {
  if (!expected) return [];
  const { argParams, auxParams } = module.getParams();
  const wanted = [
    ...expected.outputs.map((each, i) => [`output ${i}`, module.getOutputs()[i], each.data] as const),
    ...Object.entries(expected.args).map(([name, data]) => [name, argParams[name], data] as const),
    ...Object.entries(expected.aux).map(([name, data]) => [name, auxParams[name], data] as const),
  ];
  const numbers = await read(wanted.flatMap(([, own]) => (own ? [own] : [])));
  if (numbers.length < wanted.length) return [`step ${step}: ${wanted.filter(([, own]) => !own).map(([name]) => name).join(', ')} is missing`];
  return wanted.map(([name, , data], i) => deviation(`step ${step}: ${name}`, numbers[i]!, data, tolerance));
}

async function compareArray(where: string, own: NDArray | undefined, { shape, data }: RecordedArray): Promise<string | undefined> {
  if (own?.shape.join() !== shape.join()) return `${where}: shape [${own?.shape.join() ?? 'none'}] instead of [${shape.join()}]`;
  return deviation(where, await own.data(), data, tolerance);
}

function source({ shape, data }: RecordedArray) {
  return { shape, data: Float32Array.from(data, Number) };
}

function decodeAll(arrays: Arrays): Record<string, NDArray> {
  return Object.fromEntries(Object.entries(arrays).map(([name, { shape, data }]) => [name, array(Float32Array.from(data, Number), { shape })]));
}
