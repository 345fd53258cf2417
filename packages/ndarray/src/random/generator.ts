import { array, type NDArray } from '../ndarray.js';
import { sizeOf, type Shape } from '../shape.js';

/** Everything a generator is: restored, it goes on with the very next number. */
export interface RandomState {
  /** The four 32-bit words of xoshiro128**, each a whole number from 0 to 2³² − 1. */
  readonly words: readonly [number, number, number, number];
  /** The second number of a normal pair, still to be handed out. */
  readonly spare: number | null;
}

/**
 * Seeded random numbers, the same on every engine and machine: xoshiro128** (Blackman and Vigna 2018), seeded through SplitMix32. Not for secrets.
 */
export class RandomGenerator {
  #words: [number, number, number, number];
  #spare: number | null = null;
  #state: RandomState | undefined;

  /**
   * @param seed a whole number, 0 unless given: equal seeds give equal numbers.
   * @throws RangeError for anything else.
   */
  constructor(seed = 0) {
    if (!Number.isInteger(seed)) throw new RangeError(`random: seed ${seed} must be a whole number`);
    let state = (seed ^ Math.floor(seed / 4294967296)) >>> 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) >>> 0;
      let mixed = state;
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      return (mixed ^ (mixed >>> 15)) >>> 0;
    };
    this.#words = [next(), next(), next(), next()];
  }

  /** What `restore` goes on from; the same object until the next number is drawn. */
  get state(): RandomState {
    return (this.#state ??= { words: [...this.#words], spare: this.#spare });
  }

  /**
   * Goes on from a state that another generator, or this one, had before.
   *
   * @throws RangeError for anything that is not a state of such a generator.
   */
  restore({ words, spare }: RandomState): void {
    if (words.length !== 4 || words.some((word) => !Number.isInteger(word) || word < 0 || word > 0xffffffff)) {
      throw new RangeError('random: a generator state has four whole numbers below 2^32; this one comes from elsewhere');
    }
    this.#words = [...words];
    this.#spare = spare;
    this.#state = undefined;
  }

  /** A whole number from 0 to 2³² − 1. */
  next(): number {
    this.#state = undefined;
    const words = this.#words;
    const product = Math.imul(words[1], 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = words[1] << 9;
    words[2] ^= words[0];
    words[3] ^= words[1];
    words[1] ^= words[2];
    words[0] ^= words[3];
    words[2] ^= shifted;
    words[3] = (words[3] << 11) | (words[3] >>> 21);
    for (let i = 0; i < 4; i++) words[i] = words[i]! >>> 0;
    return result;
  }

  /** A number from 0, included, to 1, not included, with 24 random bits: every one is a float32. */
  nextUniform(): number {
    return (this.next() >>> 8) / 16777216;
  }

  /** A number from the normal distribution with mean 0 and deviation 1, by Box and Muller. */
  nextNormal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      this.#state = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextUniform()));
    const angle = 2 * Math.PI * this.nextUniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** A whole number from 0 to bound − 1, each as likely as any; bound is a whole number from 1 to 2³². */
  nextBelow(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    let drawn = this.next();
    while (drawn >= limit) drawn = this.next();
    return drawn % bound;
  }

  /** An array of the shape, float32, of numbers evenly from low (0), included, to high (1), not included. */
  uniform(shape: Shape, low = 0, high = 1): NDArray {
    const host = new Float32Array(sizeOf(shape));
    // `next`, with the words in local variables: masks of dropout take as many numbers a step as there are units.
    let [a, b, c, d] = this.#words;
    const unit = (high - low) / 16777216;
    for (let i = 0; i < host.length; i++) {
      const product = Math.imul(b, 5);
      host[i] = low + unit * ((Math.imul((product << 7) | (product >>> 25), 9) >>> 8) >>> 0);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    this.#words = [a >>> 0, b >>> 0, c >>> 0, d >>> 0];
    this.#state = undefined;
    return array(host, { shape });
  }

  /** An array of the shape, float32, of numbers from the normal distribution with a mean (0) and a deviation (1). */
  normal(shape: Shape, mean = 0, deviation = 1): NDArray {
    return this.#fill(shape, () => mean + deviation * this.nextNormal());
  }

  /** 0 … length − 1 in random order (Fisher and Yates), each order as likely as any. */
  permutation(length: number): Int32Array {
    const order = Int32Array.from({ length }, (_, i) => i);
    for (let i = length - 1; i > 0; i--) {
      const j = this.nextBelow(i + 1);
      const moved = order[i]!;
      order[i] = order[j]!;
      order[j] = moved;
    }
    return order;
  }

  #fill(shape: Shape, draw: () => number): NDArray {
    const host = new Float32Array(sizeOf(shape));
    for (let i = 0; i < host.length; i++) host[i] = draw();
    return array(host, { shape });
  }
}
