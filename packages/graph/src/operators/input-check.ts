import { arange, argMax, cast, equal, gather, greater, greaterEqual, hostData, less, logicalAnd, logicalNot, logicalOr, read, reshape, type NDArray, type TypedArray } from '@lossworks/ndarray';

/**
 * What one input of an operator or a loss may hold, by its position among the inputs (from 0): `numbers`, no NaN; `weights`, at least 0; `classes`, class
 * indices; `lengths`, 0 to `most`; `range`, `lowest` to `highest`, bounds included. Anything else is a mistake of the caller's.
 */
export type InputCheck = { readonly input: number } & (
  | { readonly holds: 'numbers' | 'weights' }
  | HoldsClasses
  | { readonly holds: 'lengths'; readonly most: number; /** What has so many places: `label`. */ readonly of: string }
  | { readonly holds: 'range'; readonly lowest: number; readonly highest: number; /** The way out: `labels are −1 and 1`. */ readonly meaning: string }
);

/** Class indices. Fractions are dropped, as MXNet drops them. */
interface HoldsClasses {
  readonly holds: 'classes';
  /** How many classes there are: indices go up to classes − 1. */
  readonly classes: number;
  /** The first class that may stand there; 0 unless given. */
  readonly lowest?: number;
  /** A value outside the classes that is allowed. */
  readonly ignore?: number;
  /** An input that says how many leading numbers along an axis of a matrix count; the others may be anything. */
  readonly lengths?: { readonly input: number; readonly axis: 0 | 1 };
}

/** Inputs with their names for errors, and what they may hold. */
export interface CheckedInputs {
  /** Names of the inputs, for errors, one an array. */
  readonly names: readonly string[];
  /** The inputs, of any shapes. */
  readonly arrays: readonly NDArray[];
  /** What they may hold, in the order in which it is checked. */
  readonly checks: readonly InputCheck[];
}

/** A number that an input must not hold. */
export interface BadInput {
  /** Which of the inputs given, where several operators' were; else 0. */
  readonly inputs: number;
  /** What the input was to hold. */
  readonly holds: InputCheck['holds'];
  /** Input, value, position and the way out. */
  readonly message: string;
}

/** The first number that an input must not hold, among those in host memory; nothing is read from the engine. */
export function badInputAtHand({ names, arrays, checks }: CheckedInputs): BadInput | undefined {
  for (const check of checks) {
    const host = hostData(arrays[check.input]!);
    if (!host || known[check.holds]?.has(host)) continue;
    const at = badPosition(host, check, arrays);
    if (at >= 0) return badInputOf(names, check, host[at]!, at);
    known[check.holds]?.add(host);
  }
  return undefined;
}

/**
 * `badInputAtHand` for numbers that the engine computes: all checks in one run, together with whatever else is pending; three numbers a check are read.
 * Rejects where the engine fails.
 */
export async function badInput(inputs: readonly CheckedInputs[]): Promise<BadInput | undefined> {
  const all = inputs.flatMap(({ names, arrays, checks }, index) => checks.filter(({ input }) => arrays[input]!.size > 0).map((check) => ({ names, arrays, check, index })));
  const found = await read(all.flatMap(({ arrays, check }) => {
    const array = arrays[check.input]!;
    const flags = reshape(cast(badFlags(array, check, arrays), 'float32'), [array.size]);
    const at = argMax(flags, 0);
    const first = (x: NDArray): NDArray => gather(reshape(x, [array.size]), reshape(at, [1]));
    return [at, first(flags), first(array)];
  }));
  const bad = all.findIndex((_, i) => found[3 * i + 1]![0] === 1);
  if (bad < 0) return undefined;
  const { names, check, index } = all[bad]!;
  return badInputOf(names, check, found[3 * bad + 2]![0]!, found[3 * bad]![0]!, index);
}

/** One kind of check, over numbers and over arrays. */
interface Rule<Check extends InputCheck = InputCheck> {
  isBad(value: number, check: Check): boolean;
  bad(x: NDArray, check: Check): NDArray;
  says(name: string, value: number, at: number, check: Check): string;
}

const rules: { readonly [Holds in InputCheck['holds']]: Rule<Extract<InputCheck, { holds: Holds }>> } = {
  numbers: {
    isBad: Number.isNaN,
    bad: (x) => logicalNot(equal(x, x)),
    says: (name, _, at) => `${name} holds NaN at position ${at}; find where it comes from (a learning rate that is too large, log of a negative number), or mask it out`,
  },
  weights: {
    isBad: (value) => !(value >= 0),
    bad: (x) => logicalNot(greaterEqual(x, 0)),
    says: (name, value, at) => `${name} is ${value} at position ${at}; weights must be at least 0`,
  },
  classes: {
    isBad: (value, { classes, lowest = 0, ignore }) => !(Math.trunc(value) >= lowest && value < classes) && Math.trunc(value) !== ignore,
    bad: (x, { classes, lowest = 0, ignore }) => {
      const inside = logicalAnd(greaterEqual(cast(x, 'int32'), lowest), less(x, classes));
      return logicalNot(ignore === undefined ? inside : logicalOr(inside, equal(cast(x, 'int32'), ignore)));
    },
    says: (name, value, at, { classes, lowest = 0, ignore }) =>
      `${name} is ${value} at position ${at}, outside the ${classes - lowest} classes ${lowest}..${classes - 1}${ignore === undefined ? '' : ` and not the ignored ${ignore}`}; mend the label or use more classes`,
  },
  lengths: {
    isBad: (value, { most }) => !(value >= 0 && value <= most),
    bad: (x, { most }) => logicalNot(logicalAnd(greaterEqual(x, 0), logicalNot(greater(x, most)))),
    says: (name, value, at, { most, of }) => `${name} is ${value} at position ${at}, outside 0..${most}: ${of} has ${most} places; mend the length or pad ${of}`,
  },
  range: {
    isBad: (value, { lowest, highest }) => !(value >= lowest && value <= highest),
    bad: (x, { lowest, highest }) => logicalNot(logicalAnd(greaterEqual(x, lowest), logicalNot(greater(x, highest)))),
    says: (name, value, at, { lowest, highest, meaning }) => `${name} is ${value} at position ${at}, ${highest === Infinity ? `below ${lowest}` : `outside ${lowest}..${highest}`}: ${meaning}`,
  },
};

/** Host memory that was found good: a kind that asks nothing of the parameters need not look twice. */
const known: { readonly [Holds in InputCheck['holds']]?: WeakSet<TypedArray> } = { numbers: new WeakSet(), weights: new WeakSet() };

function rule(check: InputCheck): Rule {
  return rules[check.holds] as Rule;
}

function badInputOf(names: readonly string[], check: InputCheck, value: number, at: number, inputs = 0): BadInput {
  return { inputs, holds: check.holds, message: rule(check).says(names[check.input]!, value, at, check) };
}

const rowOf = (at: number, shape: readonly number[], axis: 0 | 1): number => (axis === 1 ? Math.floor(at / shape[1]!) : at % shape[1]!);
const placeOf = (at: number, shape: readonly number[], axis: 0 | 1): number => (axis === 1 ? at % shape[1]! : Math.floor(at / shape[1]!));

function badPosition(host: TypedArray, check: InputCheck, arrays: readonly NDArray[]): number {
  const { isBad } = rule(check);
  if (check.holds !== 'classes' || !check.lengths) return host.findIndex((value) => isBad(value, check));
  const { input, axis } = check.lengths;
  const lengths = hostData(arrays[input]!);
  const { shape } = arrays[check.input]!;
  return lengths ? host.findIndex((value, at) => placeOf(at, shape, axis) < lengths[rowOf(at, shape, axis)]! && isBad(value, check)) : -1;
}

function badFlags(array: NDArray, check: InputCheck, arrays: readonly NDArray[]): NDArray {
  const flags = rule(check).bad(array, check);
  if (check.holds !== 'classes' || !check.lengths) return flags;
  const { input, axis } = check.lengths;
  const along = (length: number, on: 0 | 1): number[] => (on === 0 ? [length, 1] : [1, length]);
  const places = array.shape[axis]!;
  const counted = less(reshape(cast(arange(places), 'float32'), along(places, axis)), reshape(arrays[input]!, along(array.shape[1 - axis]!, axis === 0 ? 1 : 0)));
  return logicalAnd(flags, counted);
}
