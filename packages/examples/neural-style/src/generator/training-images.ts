import type { NDArray, RandomGenerator } from '@lossworks/ndarray';
import type { Picture } from '../image/picture.js';
import { imageOf } from '../trunk/pixels.js';

/** Square cut-outs of pictures at random places, of pictures in turn; each side of a picture must be at least the size. */
export class TrainingImages {
  #next = 0;

  constructor(
    private readonly pictures: readonly Picture[],
    private readonly size: number,
    private readonly random: RandomGenerator,
  ) {}

  next(): NDArray {
    const picture = this.pictures[this.#next++ % this.pictures.length]!;
    const at = (length: number): number => this.random.nextBelow(length - this.size + 1);
    return imageOf(cutOut(picture, { left: at(picture.width), top: at(picture.height), size: this.size }));
  }
}

function cutOut({ width, height, data }: Picture, { left, top, size }: { readonly left: number; readonly top: number; readonly size: number }): Picture {
  const result = new Float32Array(3 * size * size);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y < size; y++) {
      const row = (channel * height + top + y) * width + left;
      result.set(data.subarray(row, row + size), (channel * size + y) * size);
    }
  }
  return { width: size, height: size, data: result };
}
