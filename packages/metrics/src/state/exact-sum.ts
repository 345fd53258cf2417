/**
 * A sum without rounding error: numbers whose total it is, the first the nearest float64 to the sum, each further one the nearest to what those before
 * it leave over; empty for 0. So one sum has one form, whatever the order of its terms and however they were grouped. With a term that is not
 * finite, or beyond the range of float64, it is that total alone: NaN, Infinity or -Infinity.
 */
export type ExactSum = readonly number[];

/** Adds up without rounding error: every rounding's error is a number too, and is added up likewise (Knuth's two-sum; Shewchuk 1997). */
export class Summation {
  #high = 0;
  #low = 0;
  /** What these two do not hold, from the smallest to the largest. */
  #rest: number[] = [];
  #notFinite = 0;

  /** Adds a number. */
  add(term: number): this {
    const sum = this.#high + term;
    if (sum - sum !== 0) {
      this.#notFinite += sum;
      return this;
    }
    const error = errorOf(sum, this.#high, term);
    this.#high = sum;
    if (error === 0) return this;
    const low = this.#low + error;
    const rest = errorOf(low, this.#low, error);
    this.#low = low;
    if (rest !== 0) this.#keep(rest);
    return this;
  }

  /** Adds a product, with what rounding takes from it. */
  addProduct(a: number, b: number): this {
    const product = a * b;
    // Dekker's two-product: the halves have 26 bits, their products none to lose.
    const [a1, b1] = [upperHalf(a), upperHalf(b)];
    const [a2, b2] = [a - a1, b - b1];
    const error = a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
    this.add(product);
    return error - error === 0 ? this.add(error) : this;
  }

  /** Adds an exact sum. */
  addSum(sum: ExactSum): this {
    for (const part of sum) this.add(part);
    return this;
  }

  /** Adds the product of two exact sums; a number is a sum of itself. */
  addProductOf(a: ExactSum, b: ExactSum): this {
    for (const x of a) for (const y of b) this.addProduct(x, y);
    return this;
  }

  /** The sum in its one form, of a summation that is not used any more. */
  take(): ExactSum {
    const whole = this.#high + this.#low + this.#notFinite;
    if (whole - whole !== 0) return [whole];
    if (this.#low === 0 && this.#rest.length === 0) return whole === 0 ? [] : [whole];
    this.#keep(this.#low);
    this.#keep(this.#high);
    const sum: number[] = [];
    while (this.#rest.length > 0) {
      const nearest = this.#nearest();
      sum.push(nearest);
      this.#keep(-nearest);
    }
    return sum;
  }

  #keep(term: number): void {
    let high = term;
    const kept: number[] = [];
    for (const part of this.#rest) {
      const sum = high + part;
      const error = errorOf(sum, high, part);
      if (error !== 0) kept.push(error);
      high = sum;
    }
    if (high !== 0) kept.push(high);
    this.#rest = kept;
  }

  /** The nearest float64, of two equally near ones the even one. */
  #nearest(): number {
    const parts = this.#rest;
    let i = parts.length - 1;
    let high = parts[i]!;
    let error = 0;
    while (i > 0 && error === 0) {
      const sum = high + parts[--i]!;
      error = errorOf(sum, high, parts[i]!);
      high = sum;
    }
    // Halfway between two, what lies below decides.
    const further = high + 2 * error;
    return i > 0 && Math.sign(error) === Math.sign(parts[i - 1]!) && further - high === 2 * error ? further : high;
  }
}

/** The exact sum of numbers. */
export function exactSum(terms: ArrayLike<number>): ExactSum {
  return sumOver(terms.length, i => terms[i]!);
}

/** The exact sum of `term(0)` … `term(count − 1)`. */
export function sumOver(count: number, term: (index: number) => number): ExactSum {
  const summation = new Summation();
  for (let i = 0; i < count; i++) summation.add(term(i));
  return summation.take();
}

/** The exact sum of the products of numbers at the same places. */
export function exactDot(a: ArrayLike<number>, b: ArrayLike<number>): ExactSum {
  const summation = new Summation();
  for (let i = 0; i < a.length; i++) summation.addProduct(a[i]!, b[i]!);
  return summation.take();
}

/** The sum of two exact sums. */
export function addSums(a: ExactSum, b: ExactSum): ExactSum {
  return new Summation().addSum(a).addSum(b).take();
}

/** The nearest float64 to a sum. */
export function nearest([first = 0]: ExactSum): number {
  return first;
}

/** a + b − sum, exactly, where sum is a + b rounded. */
function errorOf(sum: number, a: number, b: number): number {
  const taken = sum - a;
  return a - (sum - taken) + (b - taken);
}

function upperHalf(value: number): number {
  const spread = 134217729 * value;
  return spread - (spread - value);
}
