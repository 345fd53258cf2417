import { type DataBatch, DataDesc, DataIter, type DataIterState, type NDArrayIter } from '@lossworks/data';
import { array, hostData, type NDArray, RandomGenerator, type RandomState } from '@lossworks/ndarray';

export interface ShiftOptions {
  /** The farthest shift, in pixels, in each direction. */
  readonly pixels: number;
  readonly seed: number;
  /** Recorded on every batch of shifted bytes. */
  readonly transform: (bytes: NDArray) => NDArray;
}

/**
 * The images of another iterator, bytes of shape (N, 1, height, width), each moved by a few pixels at random, other ones every epoch: what a network
 * sees twice is never quite the same, so that it learns digits rather than images.
 */
export class ShiftedDigits extends DataIter {
  readonly provideData: readonly DataDesc[];
  readonly #inner: NDArrayIter;
  readonly #options: ShiftOptions;
  readonly #random: RandomGenerator;

  constructor(inner: NDArrayIter, options: ShiftOptions) {
    super();
    this.#inner = inner;
    this.#options = options;
    this.#random = new RandomGenerator(options.seed);
    this.provideData = inner.provideData.map(({ name, shape, layout }) => new DataDesc(name, shape, 'float32', layout));
  }

  get batchSize(): number {
    return this.#inner.batchSize;
  }

  get provideLabel(): readonly DataDesc[] {
    return this.#inner.provideLabel;
  }

  override get padsBatches(): boolean {
    return this.#inner.padsBatches;
  }

  next(): DataBatch | undefined {
    const batch = this.#inner.next();
    return batch && { ...batch, data: batch.data.map((images) => this.#options.transform(this.#shift(images))), provideData: this.provideData };
  }

  reset(): void {
    this.#inner.reset();
  }

  override state(): DataIterState {
    return { inner: this.#inner.state(), random: this.#random.state };
  }

  override restore({ inner, random }: DataIterState): void {
    this.#inner.restore(inner as DataIterState);
    this.#random.restore(random as RandomState);
  }

  #shift(images: NDArray): NDArray {
    const [count, , height, width] = images.shape as [number, number, number, number];
    const bytes = hostData(images)!;
    const shifted = new Uint8Array(bytes.length);
    for (let i = 0; i < count; i++) {
      const [across, down] = [this.#offset(), this.#offset()];
      for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
        const from = (i * height + y - down) * width;
        shifted.set(bytes.subarray(from + Math.max(0, -across), from + width - Math.max(0, across)), (i * height + y) * width + Math.max(0, across));
      }
    }
    return array(shifted, { shape: images.shape });
  }

  #offset(): number {
    return this.#random.nextBelow(2 * this.#options.pixels + 1) - this.#options.pixels;
  }
}
