import { type DataBatch, DataDesc, DataIter, type DataIterState } from '@lossworks/data';
import { array, RandomGenerator, type RandomState } from '@lossworks/ndarray';
import { type BoxTargets, boxTargets } from './detection/box-targets.js';
import type { DeltaStatistics } from './detection/delta-statistics.js';
import type { Region } from './detection/region-record.js';
import { sampleRegions, type Sample } from './detection/region-sampling.js';
import { batch, classes } from './network.js';
import { standardized } from './recipe.js';

/** An image to train with and all its regions. */
export interface TrainingImage {
  /** size × size bytes. */
  readonly pixels: Uint8Array;
  readonly regions: readonly Region[];
}

export interface RegionBatchesOptions {
  /** Of the square images, in pixels. */
  readonly size: number;
  readonly statistics: DeltaStatistics;
  readonly seed: number;
}

const regionsPerImage = batch.regions / batch.images;

/** Two images a batch in another order every epoch, with 64 of each one's regions drawn anew; whole batches only. */
export class RegionBatches extends DataIter {
  readonly batchSize = batch.images;
  readonly provideData: readonly DataDesc[];
  readonly provideLabel: readonly DataDesc[];
  readonly #images: readonly TrainingImage[];
  readonly #options: RegionBatchesOptions;
  readonly #random: RandomGenerator;
  #order: Int32Array;
  #next = 0;

  /** @throws RangeError where there are too few images for a batch. */
  constructor(images: readonly TrainingImage[], options: RegionBatchesOptions) {
    super();
    if (images.length < batch.images) throw new RangeError(`RegionBatches: a batch takes ${batch.images} images, there are ${images.length}; give more scenes that hold digits and proposals`);
    this.#images = images;
    this.#options = options;
    this.#random = new RandomGenerator(options.seed);
    this.#order = this.#random.permutation(images.length);
    const perRegion = (name: string, ...rest: number[]) => new DataDesc(name, [batch.images, regionsPerImage, ...rest], 'float32', null);
    this.provideData = [new DataDesc('data', [batch.images, 1, options.size, options.size]), perRegion('rois', 5)];
    this.provideLabel = [perRegion('label'), perRegion('bbox_target', 4 * classes), perRegion('bbox_weight', 4 * classes)];
  }

  get batches(): number {
    return Math.floor(this.#images.length / batch.images);
  }

  override get padsBatches(): boolean {
    return false;
  }

  next(): DataBatch | undefined {
    if (this.#next >= this.batches) return undefined;
    const index = this.#order.slice(this.#next * batch.images, (this.#next + 1) * batch.images);
    this.#next++;
    const images = [...index].map((i) => this.#images[i]!);
    const samples = images.map(({ regions }) => sampleRegions(regions, this.#random, { regions: regionsPerImage }));
    const { size, statistics } = this.#options;
    const label = labelArrays(boxTargets(samples.flat(), { classes, statistics }));
    const pixels = new Uint8Array(images.length * size * size);
    images.forEach((image, i) => pixels.set(image.pixels, i * size * size));
    return {
      data: [standardized(array(pixels, { shape: this.provideData[0]!.shape })), array(regionRows(samples), { shape: this.provideData[1]!.shape })],
      label: label.map((data, i) => array(data, { shape: this.provideLabel[i]!.shape })),
      hostLabel: label.map((data, i) => ({ data, shape: this.provideLabel[i]!.shape })),
      pad: 0,
      index,
      provideData: this.provideData,
      provideLabel: this.provideLabel,
    };
  }

  reset(): void {
    this.#order = this.#random.permutation(this.#images.length);
    this.#next = 0;
  }

  override state(): DataIterState {
    return { order: [...this.#order], next: this.#next, random: this.#random.state };
  }

  override restore({ order, next, random }: DataIterState): void {
    this.#order = Int32Array.from(order as number[]);
    this.#next = next as number;
    this.#random.restore(random as RandomState);
  }
}

function labelArrays({ labels, targets, weights }: BoxTargets): Float32Array[] {
  return [labels, targets, weights];
}

/** Rows of image within the batch, left, top, right, bottom. */
function regionRows(samples: readonly (readonly Sample[])[]): Float32Array {
  return Float32Array.from(samples.flatMap((ofImage, image) => ofImage.flatMap(({ region: { box } }) => [image, ...box])));
}
