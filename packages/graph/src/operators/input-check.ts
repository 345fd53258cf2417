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
    if (!host || foundGood(check).has(host)) continue;
    const at = isClasses(check) ? outsideClasses(host, check, arrays) : outside(host, boundsOf(check));
    if (at >= 0) return badInputOf(names, check, host[at]!, at);
    foundGood(check).add(host);
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

/** Lowest and highest number, for what may be any number between; NaN is none. */
type Bounds = readonly [lowest: number, highest: number];
type Classes = Extract<InputCheck, { holds: 'classes' }>;
type Between = Exclude<InputCheck, Classes>;

interface Rule<Check extends InputCheck> {
  bounds(check: Check): Bounds;
  says(name: string, value: number, at: number, check: Check): string;
}

const rules: { readonly [Holds in Between['holds']]: Rule<Extract<Between, { holds: Holds }>> } = {
  numbers: {
    bounds: () => [-Infinity, Infinity],
    says: (name, _, at) => `${name} holds NaN at position ${at}; find where it comes from (a learning rate that is too large, log of a negative number), or mask it out`,
  },
  weights: { bounds: () => [0, Infinity], says: (name, value, at) => `${name} is ${value} at position ${at}; weights must be at least 0` },
  lengths: {
    bounds: ({ most }) => [0, most],
    says: (name, value, at, { most, of }) => `${name} is ${value} at position ${at}, outside 0..${most}: ${of} has ${most} places; mend the length or pad ${of}`,
  },
  range: {
    bounds: ({ lowest, highest }) => [lowest, highest],
    says: (name, value, at, { lowest, highest, meaning }) => `${name} is ${value} at position ${at}, ${highest === Infinity ? `below ${lowest}` : `outside ${lowest}..${highest}`}: ${meaning}`,
  },
};

function boundsOf(check: Between): Bounds {
  return (rules[check.holds] as Rule<Between>).bounds(check);
}

function isClasses(check: InputCheck): check is Classes {
  return check.holds === 'classes';
}

function badInputOf(names: readonly string[], check: InputCheck, value: number, at: number, inputs = 0): BadInput {
  const name = names[check.input]!;
  return { inputs, holds: check.holds, message: isClasses(check) ? classMessage(name, value, at, check) : (rules[check.holds] as Rule<Between>).says(name, value, at, check) };
}

function classMessage(name: string, value: number, at: number, { classes, lowest = 0, ignore }: Classes): string {
  const ignored = ignore === undefined ? '' : ` and not the ignored ${ignore}`;
  return `${name} is ${value} at position ${at}, outside the ${classes - lowest} classes ${lowest}..${classes - 1}${ignored}; mend the label or use more classes`;
}

/** Host memory by the check that found it good: it need not be looked at twice. */
const good = new Map<string, WeakSet<TypedArray>>();

function foundGood(check: InputCheck): WeakSet<TypedArray> {
  // What depends on lengths beside it is not kept.
  if (isClasses(check) && check.lengths) return new WeakSet();
  const key = isClasses(check) ? `${check.lowest ?? 0} ${check.classes} ${check.ignore}` : boundsOf(check).join('..');
  let known = good.get(key);
  if (!known) good.set(key, (known = new WeakSet()));
  return known;
}

/** A plain loop: labels may be as large as scores. */
function outside(host: TypedArray, [lowest, highest]: Bounds): number {
  for (let at = 0; at < host.length; at++) if (!(host[at]! >= lowest && host[at]! <= highest)) return at;
  return -1;
}

function outsideClasses(host: TypedArray, { input, classes, lowest = 0, ignore, lengths }: Classes, arrays: readonly NDArray[]): number {
  const isBad = (value: number): boolean => !(Math.trunc(value) >= lowest && value < classes) && Math.trunc(value) !== ignore;
  if (!lengths) return host.findIndex(isBad);
  const counted = hostData(arrays[lengths.input]!);
  const width = arrays[input]!.shape[1]!;
  const [row, column] = [(at: number): number => Math.floor(at / width), (at: number): number => at % width];
  const [place, sample] = lengths.axis === 1 ? [column, row] : [row, column];
  return counted ? host.findIndex((value, at) => place(at) < counted[sample(at)]! && isBad(value)) : -1;
}

function badFlags(x: NDArray, check: InputCheck, arrays: readonly NDArray[]): NDArray {
  return isClasses(check) ? flagsOfClasses(x, check, arrays) : flagsOutside(x, boundsOf(check));
}

function flagsOutside(x: NDArray, [lowest, highest]: Bounds): NDArray {
  if (lowest === -Infinity) return logicalNot(equal(x, x));
  const enough = greaterEqual(x, lowest);
  return logicalNot(highest === Infinity ? enough : logicalAnd(enough, logicalNot(greater(x, highest))));
}

function flagsOfClasses(x: NDArray, { classes, lowest = 0, ignore, lengths }: Classes, arrays: readonly NDArray[]): NDArray {
  const inside = logicalAnd(greaterEqual(cast(x, 'int32'), lowest), less(x, classes));
  const flags = logicalNot(ignore === undefined ? inside : logicalOr(inside, equal(cast(x, 'int32'), ignore)));
  if (!lengths) return flags;
  const along = (length: number, axis: number): number[] => (axis === 0 ? [length, 1] : [1, length]);
  const places = cast(arange(x.shape[lengths.axis]!), 'float32');
  const counted = less(reshape(places, along(places.size, lengths.axis)), reshape(arrays[lengths.input]!, along(x.shape[1 - lengths.axis]!, 1 - lengths.axis)));
  return logicalAnd(flags, counted);
}
