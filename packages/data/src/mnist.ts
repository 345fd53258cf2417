import type { HostArray } from './host-array.js';
import { readIdx } from './read-idx.js';

/** Gives the bytes of a file of the data set, uncompressed, by its name in `mnistFiles`. */
export type FileLoader = (fileName: string) => Uint8Array | Promise<Uint8Array>;

/** Images of shape `[samples, 1, 28, 28]` with a label each. */
export interface LabelledImages {
  /** Bytes of shape `[samples, 1, height, width]`, 0 for paper to 255 for ink. */
  readonly images: HostArray & { readonly data: Uint8Array };
  /** 0 to 9 as float32 of shape `[samples]`, as loss layers and metrics take them. */
  readonly labels: HostArray & { readonly data: Float32Array };
}

/** Both sets of MNIST: images as bytes, shape [samples, 1, 28, 28], and labels 0 to 9, shape [samples]. */
export interface Mnist {
  /** 60 000 samples, in MNIST itself. */
  readonly train: LabelledImages;
  /** 10 000 samples, in MNIST itself. */
  readonly test: LabelledImages;
}

/** Names of the data set's four files (LeCun et al. 1998). */
export const mnistFiles = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/**
 * Reads MNIST, or a data set in its form, from whatever holds the files: a directory (`@lossworks/data/mnist`), a server, a bundle.
 *
 * @throws RangeError naming the file where it is damaged, where images and labels differ in number, or where a label is not a digit.
 */
export async function readMnist(load: FileLoader): Promise<Mnist> {
  const train = await readPart(load, mnistFiles.train);
  return { train, test: await readPart(load, mnistFiles.test) };
}

async function readPart(load: FileLoader, files: { readonly images: string; readonly labels: string }): Promise<LabelledImages> {
  const images = expectBytes(readIdx(await load(files.images), files.images), files.images, 3);
  const labels = expectBytes(readIdx(await load(files.labels), files.labels), files.labels, 1);
  const [count, height, width] = images.shape as [number, number, number];
  if (labels.shape[0] !== count) {
    throw new RangeError(`${files.labels}: ${labels.shape[0]} labels, expected ${count}, as many as images in ${files.images}; the files belong to different sets`);
  }
  const row = labels.data.findIndex((label) => label > 9);
  if (row >= 0) throw new RangeError(`${files.labels}: label ${labels.data[row]} in row ${row} is not a digit from 0 to 9; the file is damaged or of another set`);
  return {
    images: { data: images.data, shape: [count, 1, height, width] },
    labels: { data: Float32Array.from(labels.data), shape: labels.shape },
  };
}

function expectBytes({ data, shape }: HostArray, fileName: string, rank: number): HostArray & { readonly data: Uint8Array } {
  if (!(data instanceof Uint8Array) || shape.length !== rank) {
    throw new RangeError(`${fileName}: ${shape.length} axes of ${data.constructor.name}, expected ${rank} of bytes; it is another file of the set or another format`);
  }
  return { data, shape };
}
