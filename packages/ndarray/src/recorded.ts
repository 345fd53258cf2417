import { NDArray } from './ndarray.js';
import { outline, resolve, unfolded } from './program/program.js';
import { Value, type Call, type Step } from './recording/value.js';
import { formatShape, sameShape } from './shape.js';

/** The most structures that are known by a short key; a forgotten one is compiled again under another. */
const mostKeys = 1024;
const keys = new Map<string, string>();
let lastKey = 0;

/**
 * What results come of inputs, recorded once and used as often as there are other arrays to put in the inputs' place: a step of training need not be recorded
 * anew for every batch (MXNet `CachedOp`). What uses it is recorded as ever: derivatives, further arithmetic, and one program for all that is computed together.
 */
export class Recorded {
  readonly #inputs: readonly Value[];
  /** What is computed, transparent steps included, operands before what uses them. */
  readonly #order: readonly Value[];
  /** What calls compute: results without those that are inputs or numbers already. */
  readonly #roots: readonly Value[];
  /** Inputs that results depend on, and other arrays that they refer to. */
  readonly #leaves: readonly Value[];
  /** Where each leaf's value comes from. */
  readonly #operands: readonly Place[];
  /** Where each result comes from. */
  readonly #results: readonly Place[];
  readonly #key: string;

  /** @param inputs placeholders that the results were recorded with; what else the results refer to stays as it is. */
  constructor(inputs: readonly NDArray[], results: readonly NDArray[]) {
    this.#inputs = inputs.map(({ value }) => value);
    const resolved = results.map(({ value }) => resolve(value));
    const { key, leaves, roots, constants } = unfolded(outline(resolved));
    this.#roots = roots;
    this.#order = ordered(roots);
    // Behind the program's inputs, what derivatives alone refer to.
    this.#leaves = [...new Set([...leaves, ...this.#order.flatMap(({ step }) => step!.operands.filter((operand) => !operand.step))])];
    const placeOf = (value: Value): Place => {
      const [root, input] = [roots.indexOf(value), this.#inputs.lastIndexOf(value)];
      return root >= 0 ? { root } : input >= 0 ? { input } : { value };
    };
    this.#operands = this.#leaves.map(placeOf);
    this.#results = resolved.map(placeOf);
    this.#key = shortened([key, ...constants.map(({ step }) => step!.text)].join('\n'));
  }

  /**
   * The results for these arrays in place of the inputs, in their order; nothing is computed yet.
   *
   * @throws RangeError where number, shape or element type of the arrays are not the inputs'.
   */
  apply(arrays: readonly NDArray[]): NDArray[] {
    if (arrays.length !== this.#inputs.length) throw new RangeError(`Recorded.apply: ${arrays.length} arrays for ${this.#inputs.length} inputs; give one an input`);
    this.#inputs.forEach((input, i) => checkFit(arrays[i]!.value, input));
    const computed = this.#call(this.#operands.map((place) => valueAt(place, arrays)));
    return this.#results.map((place) => new NDArray(valueAt(place, arrays, computed)));
  }

  /** The roots' values for these operands. */
  #call(operands: readonly Value[]): readonly Value[] {
    const results: Value[] = [];
    const call: Call = { key: this.#key, operands, results, unfold: () => this.#unfold(call) };
    for (const { shape, dtype } of this.#roots) results.push(new Value(shape, dtype, { call }));
    return results;
  }

  #unfold({ operands, results }: Call): void {
    const made = new Map(this.#leaves.map((leaf, i) => [leaf, operands[i]!]));
    const whole = new Map(this.#roots.map((root, i) => [root, results[i]!]));
    for (const value of this.#order) {
      const { operands: recorded, ...rest } = value.step!;
      const step: Step = { ...rest, operands: recorded.map((operand) => made.get(operand)!) };
      const result = whole.get(value);
      if (result?.call) result.unfold(step);
      made.set(value, result ?? new Value(value.shape, value.dtype, { step }));
    }
  }
}

/** A value of a use: one that it computes, one of the arrays it is given, or the same in every use. */
type Place = { readonly root: number } | { readonly input: number } | { readonly value: Value };

function valueAt(place: Place, arrays: readonly NDArray[], computed: readonly Value[] = []): Value {
  if ('root' in place) return computed[place.root]!;
  return 'input' in place ? arrays[place.input]!.value : place.value;
}

function checkFit(given: Value, { shape, dtype }: Value): void {
  if (sameShape(shape, given.shape) && dtype === given.dtype) return;
  throw new RangeError(
    `Recorded.apply: an array is ${given.dtype} of shape ${formatShape(given.shape)}, its input ${dtype} of shape ${formatShape(shape)}; record once for each shape and type`,
  );
}

/** Everything pending that the roots refer to, operands before what uses them. */
function ordered(roots: readonly Value[]): Value[] {
  const order = new Set<Value>();
  const stack = [...roots];
  while (stack.length > 0) {
    const value = stack[stack.length - 1]!;
    const waiting = order.has(value) ? [] : (value.step?.operands ?? []).filter((operand) => operand.step && !order.has(operand));
    if (waiting.length > 0) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    if (value.step) order.add(value);
  }
  return [...order];
}

/** The same short key for equal structures. */
function shortened(structure: string): string {
  const known = keys.get(structure);
  if (known !== undefined) return known;
  if (keys.size >= mostKeys) keys.delete(keys.keys().next().value!);
  const key = `recorded ${++lastKey}`;
  keys.set(structure, key);
  return key;
}
