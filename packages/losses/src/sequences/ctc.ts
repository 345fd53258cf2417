import {
  add, arange, cast, concat, constant, equal, exp, formatShape, greater, less, log, logicalOr, logSoftmax, logSumExp, matmul, maximum, notEqual, oneHot, pad, reshape,
  reverse, slice, softmax, stopGradient, sum, transpose, where, withDerivative, type NDArray, type Shape,
} from '@lossworks/ndarray';
import type { InputCheck } from '@lossworks/graph';

export interface CtcInputs {
  /** (steps, batch, classes), scores before softmax. */
  readonly data: NDArray;
  /** (batch, labels) class indices. */
  readonly label: NDArray;
  /** (batch) steps of each sequence; all unless given. */
  readonly dataLengths?: NDArray | undefined;
  /** (batch) labels of each sequence; up to the first padding value unless given. */
  readonly labelLengths?: NDArray | undefined;
}

/** Where the lengths stand among the inputs, and how label lies. */
export interface CtcLayout {
  readonly blank: CtcOptions['blank'];
  readonly steps: number;
  readonly classes: number;
  readonly label: Shape;
  /** The axis of label along which a sequence goes. */
  readonly axis: 0 | 1;
  readonly dataLengths: number | undefined;
  readonly labelLengths: number | undefined;
}

/** What label and lengths may hold: a label is any class but the blank, or padding where no lengths are given; behind its length a sequence may hold anything. */
export function ctcChecks({ blank, steps, classes, label, axis, dataLengths, labelLengths }: CtcLayout): InputCheck[] {
  const range = blank === 'first' ? { lowest: 1, classes } : { classes: classes - 1 };
  const checks: InputCheck[] = [{ input: 1, holds: 'classes', ...range, ...(labelLengths === undefined ? { ignore: paddingOf(blank) } : { lengths: { input: labelLengths, axis } }) }];
  if (dataLengths !== undefined) checks.unshift({ input: dataLengths, holds: 'lengths', most: steps, of: 'data' });
  if (labelLengths !== undefined) checks.unshift({ input: labelLengths, holds: 'lengths', most: label[axis]!, of: 'label' });
  return checks;
}

function paddingOf(blank: CtcOptions['blank']): number {
  return blank === 'first' ? 0 : -1;
}

export interface CtcOptions {
  /** Which class is the blank: 0, with padding 0, or the last, with padding −1. */
  readonly blank: 'first' | 'last';
  /** The loss of a sequence too short for its labels, through which no gradient flows. */
  readonly impossible: number;
}

/** Stands for log 0: low enough that its exponential is 0, high enough that sums of it stay finite. */
const never = -1e30;

/**
 * −log of the probability that a sequence of softmaxes spells the labels, summed over all alignments (Graves et al., ICML 2006), shape (batch). Its derivative is declared: the
 * probability of each state at each step is that of the alignments up to it and from it on, which are computed together, so that nothing goes back through the steps.
 */
export function ctcLosses({ data, label, dataLengths, labelLengths }: CtcInputs, { blank, impossible }: CtcOptions): NDArray {
  checkShapes(data, label, { dataLengths, labelLengths });
  const [steps, batch, classes] = data.shape as [number, number, number];
  const blankClass = blank === 'first' ? 0 : classes - 1;
  const isLabel = labelMask(label, labelLengths, paddingOf(blank));
  const labels = where(isLabel, label, blankClass);
  const states = 2 * label.shape[1]! + 1;
  const emissions = emissionsOf(logSoftmax(data), withBlanks(labels, constant(blankClass, labels.shape), blankClass));
  const position = reshape(arange(states), [states, 1]);
  const start = where(less(position, 2), constant(0, [states, batch]), never);
  const last = cast(sum(cast(transpose(isLabel), 'float32'), { axes: 0, keepDims: true }).mul(2), 'int32');
  const ends = where(logicalOr(equal(position, last), equal(position, last.sub(1))), constant(0, [states, batch]), never);
  const lengths = dataLengths && reshape(dataLengths, [1, batch]);
  const { before, after } = reachOf({ emissions, start, ends, penalty: transpose(skipPenalty(labels)), lengths });
  const paths = before.add(emissions).add(after);
  // At the first step as at every other; divided by the sum of its own step, a probability keeps what rounding has left of the differences between states.
  const likelihood = reshape(logSumExp(slice(paths, [0], [1]), 1), [batch]);
  const occupancy = softmax(paths, 1);
  const counted = lengths ? where(less(cast(reshape(arange(steps), [steps, 1, 1]), 'float32'), lengths), occupancy, 0) : occupancy;
  const differentiated = sum(withDerivative(constant(0, emissions.shape), emissions, counted), { axes: [0, 1] });
  return where(greater(likelihood, never / 2), stopGradient(likelihood).add(differentiated).neg(), impossible);
}

interface Recursion {
  /** (steps, states, batch) log probabilities. */
  readonly emissions: NDArray;
  /** (states, batch): 0 for states that a sequence may begin with, else `never`. */
  readonly start: NDArray;
  /** The same for those that it may end with. */
  readonly ends: NDArray;
  /** (states, batch): 0 for states that may be entered past the blank before them, else `never`. */
  readonly penalty: NDArray;
  /** (1, batch) */
  readonly lengths: NDArray | undefined;
}

/**
 * The log probabilities of all ways to a state before its emission, and of all from it on after its emission, both (steps, states, batch). The latter are the former of the sequence
 * turned round, steps and states, so both take one pass over the steps. Of steps past the length of a sequence they mean nothing.
 */
function reachOf({ emissions, start, ends, penalty, lengths }: Recursion): { before: NDArray; after: NDArray } {
  const [steps, states, batch] = emissions.shape as [number, number, number];
  const bothWays = (there: NDArray, back: NDArray): NDArray => concat([there, back], there.shape.length - 1);
  const emitted = bothWays(emissions, reverse(emissions, [0, 1]));
  const penalties = bothWays(penalty, pad(slice(reverse(penalty, [0]), [0], [states - 2]), [2, 0], [0, 0], never));
  // The way back begins at the end of each sequence.
  const until = lengths && bothWays(constant(steps, [1, batch]), lengths);
  const reached = [reshape(bothWays(start, reverse(ends, [0])), [1, states, 2 * batch])];
  for (let step = 1; step < steps; step++) {
    const present = reached.at(-1)!;
    const left = present.add(slice(emitted, [step - 1], [step]));
    const padded = pad(left, [0, 2, 0], [0, 0, 0], never);
    // The three ways into each state: from itself, from the one before, from the one before that. Not one array reduced along an axis: engines take longer for so short a one.
    const ways = [left, slice(padded, [0, 1], [1, 1 + states]), slice(padded, [0, 0], [1, states]).add(penalties)];
    const largest = stopGradient(ways.reduce(maximum));
    const following = log(ways.map((way) => exp(way.sub(largest))).reduce(add)).add(largest);
    reached.push(until ? where(greater(until, steps - step), following, present) : following);
  }
  const all = concat(reached);
  return { before: slice(all, [0, 0, 0], [steps, states, batch]), after: reverse(slice(all, [0, 0, batch], [steps, states, 2 * batch]), [0, 1]) };
}

/** Whether a place of the label holds a label: those before the given length, or before the first padding. */
function labelMask(label: NDArray, lengths: NDArray | undefined, padding: number): NDArray {
  const [batch, places] = label.shape as [number, number];
  const place = cast(arange(places), 'float32');
  if (lengths) return less(place, reshape(lengths, [batch, 1]));
  const isPadding = cast(equal(cast(label, 'int32'), padding), 'float32');
  const upTo = cast(less(reshape(place, [places, 1]), place.add(1)), 'float32');
  return equal(matmul(isPadding, upTo), 0);
}

/** blank, first label, blank, second label, …, blank along the last axis. */
function withBlanks(labels: NDArray, blanks: NDArray, blank: number): NDArray {
  const [batch, places] = labels.shape as [number, number];
  const pairs = concat([reshape(blanks, [batch, places, 1]), reshape(labels, [batch, places, 1])], 2);
  return pad(reshape(pairs, [batch, 2 * places]), [0, 0], [0, 1], blank);
}

/** (steps, states, batch): the log probability of each state's class at each step. */
function emissionsOf(logProbabilities: NDArray, classOfState: NDArray): NDArray {
  const ofSamples = matmul(transpose(logProbabilities, [1, 0, 2]), oneHot(classOfState, logProbabilities.shape[2]!), { transposeB: true });
  return transpose(ofSamples, [1, 2, 0]);
}

/** A blank may be left out only between different labels: 0 for the states that may be reached so, else `never`. */
function skipPenalty(labels: NDArray): NDArray {
  const [batch, places] = labels.shape as [number, number];
  const differs = places > 1 ? cast(notEqual(slice(labels, [0, 1], [batch, places]), slice(labels, [0, 0], [batch, places - 1])), 'float32') : undefined;
  const allowed = differs ? pad(differs, [0, 1], [0, 0]) : constant(0, [batch, 1]);
  return where(greater(withBlanks(allowed, constant(0, labels.shape), 0), 0), 0, never);
}

function checkShapes(data: NDArray, label: NDArray, lengths: { readonly [name: string]: NDArray | undefined }): void {
  if (data.shape.length !== 3) throw new RangeError(`data has shape ${formatShape(data.shape)}; it needs three axes: steps, batch and classes`);
  const batch = data.shape[1]!;
  if (label.shape.length !== 2 || label.shape[0] !== batch || label.shape[1] === 0) {
    throw new RangeError(`label has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs [${batch}, labels], padded to the longest`);
  }
  for (const [name, array] of Object.entries(lengths)) {
    if (array && array.size !== batch) throw new RangeError(`${name} has shape ${formatShape(array.shape)}, data ${formatShape(data.shape)} needs [${batch}]`);
  }
}
