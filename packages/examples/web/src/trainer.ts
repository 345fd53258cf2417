import { NDArrayIter, type LabelledImages, type Mnist } from '@lossworks/data';
import { initializer, optimizerOptions, ShiftedDigits, standardized } from '@lossworks/example-kit/mnist';
import { simpleBind, type Executor } from '@lossworks/graph';
import { array, constant, full, gather, RandomGenerator, read, scalar, scatterAdd, sub, zeros, type NDArray, type TypedArray } from '@lossworks/ndarray';
import { createOptimizer, getUpdater, type Updater } from '@lossworks/optim';
import { classes, fedNames, liveNetwork } from './network.js';

export interface Rates {
  /** Weight of the center loss beside the cross-entropy. */
  readonly lambda: number;
  /** How far a center moves towards its digits in a step, 0 to 1. */
  readonly alpha: number;
}

/** What a step says about the batch it trained with. */
export interface StepReport {
  readonly crossEntropy: number;
  readonly centerLoss: number;
  readonly accuracy: number;
}

/** Where the network puts the test digits, and how many of them it knows. */
export interface View {
  /** x and y of each digit. */
  readonly points: Float32Array;
  /** x and y of each class. */
  readonly centers: Float32Array;
  readonly accuracy: number;
}

/** Where one digit lands. */
export interface Placement {
  readonly point: readonly [number, number];
  readonly probabilities: Float32Array;
}

/** Everything a training needs to go on elsewhere. */
export interface Snapshot {
  readonly arrays: { readonly [name: string]: TypedArray };
  readonly steps: number;
}

export interface TrainerOptions {
  readonly batchSize: number;
  readonly seed: number;
}

/** Steps after which the learning rate falls. */
const stepsPerFall = 400;

/** Trains the network step by step. `rates` may change between any two steps. */
export class Trainer {
  rates: Rates;
  readonly #batches: ShiftedDigits;
  readonly #test: LabelledImages;
  readonly #testImages: NDArray;
  readonly #executor: Executor;
  readonly #viewer: Executor;
  readonly #single: Executor;
  readonly #parameters: readonly string[];
  readonly #updater: Updater;
  #steps = 0;

  constructor({ train, test }: Mnist, rates: Rates, { batchSize, seed }: TrainerOptions) {
    this.rates = rates;
    const inOrder = new NDArrayIter({ data: train.images }, { softmax_label: train.labels }, { batchSize, shuffle: true, seed, lastBatchHandle: 'discard' });
    this.#batches = new ShiftedDigits(inOrder, { pixels: 1, seed, transform: standardized });
    this.#test = test;
    const symbol = liveNetwork();
    const fed: readonly string[] = fedNames;
    this.#parameters = symbol.listArguments().filter((name) => !fed.includes(name));
    this.#executor = simpleBind(symbol, {
      shapes: shapesFor(batchSize),
      gradReq: Object.fromEntries(symbol.listArguments().map((name) => [name, fed.includes(name) ? 'null' : 'write'] as const)),
    });
    const random = new RandomGenerator(seed);
    for (const name of this.#parameters) {
      const target = this.#executor.argDict[name]!;
      target.assign(initializer().initialize({ name, shape: target.shape, attributes: {} }, random));
    }
    this.#viewer = this.#executor.reshape(shapesFor(test.labels.data.length), { allowUpSizing: true });
    this.#single = this.#executor.reshape(shapesFor(1));
    this.#testImages = array(test.images.data, { shape: test.images.shape });
    this.#updater = getUpdater(createOptimizer('sgd', { ...optimizerOptions(stepsPerFall, { warmupSteps: 40 }), rescaleGradient: 1 / batchSize, indexToName: { ...this.#parameters } }));
  }

  get steps(): number {
    return this.#steps;
  }

  /** Trains with one batch: losses, gradients, new weights and new centers are one run of the engine. */
  async step(): Promise<StepReport> {
    const batch = this.#batches.next() ?? this.#nextEpoch();
    const labels = batch.label[0]!;
    const executor = this.#executor;
    const { argDict, gradDict } = executor;
    const feeds = { data: batch.data[0]!, softmax_label: labels, center_label: labels, lambda: full([1], this.rates.lambda) };
    await executor.forward({ isTrain: true, feeds });
    await executor.backward();
    const [probabilities, , centerLoss, embedding] = executor.outputs as [NDArray, NDArray, NDArray, NDArray];
    moveCenters(argDict['center']!, embedding, labels, scalar(this.rates.alpha));
    this.#updater(this.#parameters.map((_, i) => i), this.#parameters.map((name) => gradDict[name]!), this.#parameters.map((name) => argDict[name]!));
    const [scores, distance] = await read([probabilities, centerLoss]);
    this.#steps++;
    return { ...judged(scores!, batch.hostLabel[0]!.data), centerLoss: distance![0]! };
  }

  async view(): Promise<View> {
    const labels = array(this.#test.labels.data);
    await this.#viewer.forward({ feeds: { data: standardized(this.#testImages), softmax_label: labels, center_label: labels } });
    const [probabilities, , , embedding] = this.#viewer.outputs as [NDArray, NDArray, NDArray, NDArray];
    const [scores, points, centers] = await read([probabilities, embedding, this.#executor.argDict['center']!]);
    return { points: points as Float32Array, centers: centers as Float32Array, accuracy: judged(scores!, this.#test.labels.data).accuracy };
  }

  /** @param image 28 × 28 bytes, 255 for ink. */
  async place(image: Uint8Array): Promise<Placement> {
    await this.#single.forward({ feeds: { data: standardized(array(image, { shape: [1, 1, 28, 28] })) } });
    const [probabilities, point] = await read([this.#single.outputs[0]!, this.#single.outputs[3]!]);
    return { point: [point![0]!, point![1]!], probabilities: probabilities as Float32Array };
  }

  /** Weights, centers and momenta on the host. */
  async snapshot(): Promise<Snapshot> {
    const named = this.#state();
    const values = await read(Object.values(named));
    return { arrays: Object.fromEntries(Object.keys(named).map((name, i) => [name, values[i]!])), steps: this.#steps };
  }

  restore({ arrays, steps }: Snapshot): void {
    for (const [name, target] of Object.entries(this.#state())) {
      const data = arrays[name];
      if (data) target.assign(array(data, { shape: target.shape }));
    }
    this.#steps = steps;
  }

  #state(): { readonly [name: string]: NDArray } {
    const { argDict } = this.#executor;
    return Object.fromEntries([...this.#parameters, 'center'].map((name) => [name, argDict[name]!]));
  }

  #nextEpoch() {
    this.#batches.reset();
    return this.#batches.next()!;
  }
}

function shapesFor(batch: number) {
  return { data: [batch, 1, 28, 28], softmax_label: [batch], center_label: [batch], lambda: [1] };
}

/** c += α · Σ(x − c) / (1 + n) over the n digits of each class: equation 4 of the paper, with α an input. */
function moveCenters(centers: NDArray, embedding: NDArray, labels: NDArray, alpha: NDArray): void {
  const rows = embedding.shape[0]!;
  const indices = labels.cast('int32');
  const sums = scatterAdd(zeros([classes, 2]), indices, sub(embedding, gather(centers, indices)));
  const counts = scatterAdd(zeros([classes, 1]), indices, constant(1, [rows, 1]));
  centers.assign(centers.add(sums.mul(alpha).div(counts.add(1))));
}

function judged(scores: TypedArray, labels: ArrayLike<number>): Omit<StepReport, 'centerLoss'> {
  let [crossEntropy, right] = [0, 0];
  for (let row = 0; row < labels.length; row++) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    crossEntropy -= Math.log(Math.max(own[labels[row]!]!, 1e-30)) / labels.length;
    if (own.every((score) => score <= own[labels[row]!]!)) right++;
  }
  return { crossEntropy, accuracy: right / labels.length };
}
