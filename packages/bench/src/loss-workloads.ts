import { simpleBind, variable, type Symbol } from '@lossworks/graph';
import * as losses from '@lossworks/losses';
import { array, constant, ones, RandomGenerator, transient, vjp, zeros, type NDArray } from '@lossworks/ndarray';

/** Forward and backward of one loss, recorded: reading the value runs the step, gradients and states stay where they are computed. */
export interface RecordedStep {
  /** One number. */
  readonly value: NDArray;
  /** Gradients, and states that moved. */
  readonly results: readonly NDArray[];
}

export type LossStep = () => Promise<RecordedStep>;

const batch = 512;
const classes = 1000;
const dimensions = 128;

/** Numbers of inputs by kind, the same kinds as the peer's. */
const inputKinds = {
  scores: (random) => random.normal([batch, classes]),
  targets: (random) => random.normal([batch, classes]),
  probabilities: (random) => random.uniform([batch, classes], 0.05, 0.95),
  distribution: () => constant(1 / classes, [batch, classes]).add(0),
  variances: (random) => random.uniform([batch, classes], 0.5, 2),
  bits: (random) => binary(random, [batch, classes], 0, 1),
  signs: (random) => binary(random, [batch, classes], -1, 1),
  labels: (random) => array(Float32Array.from({ length: batch }, () => random.nextBelow(classes))),
  groups: (random) => array(Float32Array.from({ length: batch }, () => random.nextBelow(64))),
  features: (random) => random.normal([batch, dimensions]),
  table: (random) => random.normal([classes, dimensions]),
  column: (random) => random.normal([batch]),
  rowBits: (random) => binary(random, [batch], 0, 1),
  rowSigns: (random) => binary(random, [batch], -1, 1),
  one: () => ones([1]),
  sequences: (random) => random.normal([50, 32, 64]),
  sentences: (random) => array(Float32Array.from({ length: 32 * 10 }, () => 1 + random.nextBelow(63)), { shape: [32, 10] }),
} satisfies { readonly [kind: string]: (random: RandomGenerator) => NDArray };

function binary(random: RandomGenerator, shape: readonly number[], low: number, high: number): NDArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return array(Float32Array.from({ length: size }, () => (random.nextUniform() < 0.5 ? low : high)), { shape });
}

interface Workload {
  readonly inputs: { readonly [option: string]: keyof typeof inputKinds };
  readonly options?: { readonly [option: string]: unknown };
  /** Inputs with gradients; the first one unless told. */
  readonly wanted?: readonly string[];
  /** Losses with a gradient or state of their own are run as symbols. */
  readonly symbol?: boolean;
}

const pair = { data: 'scores', label: 'targets' } as const;
const views = { data1: 'features', data2: 'features' } as const;
const centers: Workload = { inputs: { data: 'features', label: 'labels' }, options: { numClass: classes }, symbol: true };
const trained = (name: 'proxy' | 'weight', options: object = {}): Workload => ({ inputs: { data: 'features', label: 'labels', [name]: 'table' }, options: { ...options }, wanted: ['data', name] });

/** Every loss, by exported name. */
export const workloads: { readonly [loss: string]: Workload } = {
  softmaxOutput: { inputs: { data: 'scores', label: 'labels' }, symbol: true },
  linearRegressionOutput: { inputs: pair, symbol: true },
  logisticRegressionOutput: { inputs: { data: 'scores', label: 'bits' }, symbol: true },
  maeRegressionOutput: { inputs: pair, symbol: true },
  svmOutput: { inputs: { data: 'scores', label: 'labels' }, symbol: true },
  l1Loss: { inputs: pair },
  l2Loss: { inputs: pair },
  huberLoss: { inputs: pair },
  smoothL1Loss: { inputs: pair },
  logCoshLoss: { inputs: pair },
  softmaxCrossEntropyLoss: { inputs: { data: 'scores', label: 'labels' } },
  sigmoidCrossEntropyLoss: { inputs: { data: 'scores', label: 'bits' } },
  focalLoss: { inputs: { data: 'scores', label: 'bits' } },
  klDivergenceLoss: { inputs: { data: 'scores', label: 'distribution' }, options: { fromLogits: false } },
  poissonLoss: { inputs: { data: 'scores', label: 'bits' } },
  gaussianLoss: { inputs: { ...pair, variance: 'variances' }, wanted: ['data', 'variance'] },
  hingeLoss: { inputs: { data: 'scores', label: 'signs' } },
  squaredHingeLoss: { inputs: { data: 'scores', label: 'signs' } },
  logisticLoss: { inputs: { data: 'scores', label: 'signs' } },
  multiMarginLoss: { inputs: { data: 'scores', label: 'labels' } },
  cosineEmbeddingLoss: { inputs: { ...views, label: 'rowSigns' }, wanted: ['data1', 'data2'] },
  marginRankingLoss: { inputs: { data1: 'column', data2: 'column', label: 'rowSigns' }, wanted: ['data1', 'data2'] },
  tripletLoss: { inputs: { data: 'features', positive: 'features', negative: 'features' }, options: { distance: 'euclidean' }, wanted: ['data', 'positive', 'negative'] },
  contrastiveLoss: { inputs: { ...views, label: 'rowBits' }, wanted: ['data1', 'data2'] },
  sdmlLoss: { inputs: views, wanted: ['data1', 'data2'] },
  ntXentLoss: { inputs: views, wanted: ['data1', 'data2'] },
  supervisedContrastiveLoss: { inputs: { data: 'features', label: 'groups' } },
  diceLoss: { inputs: { data: 'probabilities', label: 'bits' } },
  tverskyLoss: { inputs: { data: 'probabilities', label: 'bits' } },
  ctcLoss: { inputs: { data: 'sequences', label: 'sentences' } },
  centerLoss: centers,
  contrastiveCenterLoss: centers,
  islandLoss: centers,
  gitLoss: centers,
  tripletCenterLoss: centers,
  ringLoss: { inputs: { data: 'features', radius: 'one' }, wanted: ['data', 'radius'] },
  proxyNcaLoss: trained('proxy'),
  proxyAnchorLoss: trained('proxy'),
  normFaceLoss: trained('weight'),
  sphereFaceLoss: trained('weight'),
  cosFaceLoss: trained('weight'),
  arcFaceLoss: trained('weight'),
  largeMarginLoss: trained('weight'),
};

/** @throws RangeError for a loss that has no workload. */
export function createLossStep(name: string): LossStep {
  const workload = Object.hasOwn(workloads, name) ? workloads[name] : undefined;
  if (!workload) throw new RangeError(`there is no workload for ${name}`);
  const random = new RandomGenerator(1);
  const inputs = Object.fromEntries(Object.entries(workload.inputs).map(([option, kind]) => [option, inputKinds[kind](random)]));
  return workload.symbol ? symbolStep(name, inputs, workload) : arrayStep(name, inputs, workload);
}

type Call = (options: { readonly [option: string]: unknown }) => NDArray & Symbol;

function arrayStep(name: string, inputs: { readonly [option: string]: NDArray }, { options = {}, wanted = [Object.keys(inputs)[0]!] }: Workload): LossStep {
  const loss = (losses as unknown as { readonly [name: string]: Call })[name]!;
  const gradients = wanted.map((option) => zeros(inputs[option]!.shape));
  return async () => transient(() => {
    const value = loss({ ...inputs, ...options });
    vjp([value], wanted.map((option) => inputs[option]!), [ones([1])]).forEach((gradient, i) => gradients[i]!.assign(gradient));
    return { value, results: gradients };
  });
}

function symbolStep(name: string, inputs: { readonly [option: string]: NDArray }, { options = {} }: Workload): LossStep {
  const create = (losses as unknown as { readonly [name: string]: Call })[name]!;
  const variables = Object.fromEntries(Object.keys(inputs).map((option) => [option, variable(option)]));
  const made = create({ ...variables, ...options, name: 'loss' });
  const symbol = name.endsWith('Output') ? made : losses.makeLoss({ data: made });
  const executor = simpleBind(symbol, {
    shapes: Object.fromEntries(Object.entries(inputs).map(([option, { shape }]) => [option, shape])), gradReq: { data: 'write' },
  });
  return async () => {
    await executor.forward({ isTrain: true, feeds: inputs });
    await executor.backward();
    const result = executor.outputs[0]!;
    // The whole prediction of an output layer is no part of the work; one number of it is read.
    return { value: result.size === 1 ? result : result.reshape([result.size]).sum(), results: [...executor.gradArrays.filter((array) => array !== null), ...executor.auxArrays] };
  };
}
