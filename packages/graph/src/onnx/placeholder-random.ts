import { placeholder, RandomGenerator, type NDArray, type Shape } from '@lossworks/ndarray';

/** Draws nothing: each call leaves an input open, `uniform0`, `normal1` …, for standard random numbers that somebody feeds. */
export class PlaceholderRandom extends RandomGenerator {
  readonly inputs: { [name: string]: NDArray } = {};

  override uniform(shape: Shape, low = 0, high = 1): NDArray {
    return this.#open('uniform', shape).mul(high - low).add(low);
  }

  override normal(shape: Shape, mean = 0, deviation = 1): NDArray {
    return this.#open('normal', shape).mul(deviation).add(mean);
  }

  #open(kind: string, shape: Shape): NDArray {
    return (this.inputs[`${kind}${Object.keys(this.inputs).length}`] = placeholder(shape));
  }
}
