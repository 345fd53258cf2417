import { type DataBatch, DataDesc, DataIter, type DataIterState, type NDArrayIter } from '@lossworks/data';
import { array, hostData, type NDArray, RandomGenerator, type RandomState } from '@lossworks/ndarray';

/** How far digits move, and what becomes of them then. */
export interface ShiftOptions {
  /** The farthest shift, in pixels, in each direction. */
  readonly pixels: number;
  /** Of the shifts: the same seed moves the same digits by as much. */
  readonly seed: number;
  /** Recorded on every batch of shifted bytes. */
  readonly transform: (bytes: NDArray) => NDArray;
}

/**
 * The images of another iterator, bytes of shape `[batch, 1, height, width]`, each moved by a few pixels at random, other ones every epoch: what a
 * network sees twice is never quite the same, so that it learns digits rather than images.
 */
export class ShiftedDigits extends DataIter {
  /** What `data` holds: the inner shapes, float32 after `transform`. */
  readonly provideData: readonly DataDesc[];
  readonly #inner: NDArrayIter;
  readonly #options: ShiftOptions;
  readonly #random: RandomGenerator;

  /** `inner` gives the images; its batches have to be in host memory, as those of `NDArrayIter` without `transform` are. */
  constructor(inner: NDArrayIter, options: ShiftOptions) {
    super();
    this.#inner = inner;
    this.#options = options;
    this.#random = new RandomGenerator(options.seed);
    this.provideData = inner.provideData.map(({ name, shape, layout }) => new DataDesc(name, shape, 'float32', layout));
  }

  /** Samples of a batch, as inside. */
  get batchSize(): number {
    return this.#inner.batchSize;
  }

  /** What `label` holds, as inside. */
  get provideLabel(): readonly DataDesc[] {
    return this.#inner.provideLabel;
  }

  /** Whether a batch may hold padding, as inside. */
  override get padsBatches(): boolean {
    return this.#inner.padsBatches;
  }

  /** The next batch, moved; undefined at the end of the epoch. */
  next(): DataBatch | undefined {
    const batch = this.#inner.next();
    return batch && { ...batch, data: batch.data.map((images) => this.#options.transform(this.#shift(images))), provideData: this.provideData };
  }

  /** Begins the next epoch; the shifts go on. */
  reset(): void {
    this.#inner.reset();
  }

  /** Where the inner iterator and the shifts stand. */
  override state(): DataIterState {
    return { inner: this.#inner.state(), random: this.#random.state };
  }

  /**
   * Goes on where `state` was called.
   *
   * @throws Error where the state is that of other data.
   */
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
