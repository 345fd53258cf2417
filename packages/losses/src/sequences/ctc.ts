import {
  add, arange, array, cast, concat, constant, equal, formatShape, gather, greater, less, logicalOr, logSoftmax, logSumExp, matmul, notEqual, oneHot, pad, reshape, slice, sum,
  transpose, where, type NDArray, type Shape,
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
 * −log of the probability that a sequence of softmaxes spells the labels, summed over all alignments (Graves et al., ICML 2006), shape (batch). The
 * forward variables α (states, batch) are computed in log space, one step of the sequence after the other.
 */
export function ctcLosses({ data, label, dataLengths, labelLengths }: CtcInputs, { blank, impossible }: CtcOptions): NDArray {
  checkShapes(data, label, { dataLengths, labelLengths });
  const [steps, batch, classes] = data.shape as [number, number, number];
  const blankClass = blank === 'first' ? 0 : classes - 1;
  const isLabel = labelMask(label, labelLengths, paddingOf(blank));
  const labels = where(isLabel, label, blankClass);
  const states = 2 * label.shape[1]! + 1;
  const emissions = emissionsOf(logSoftmax(data), withBlanks(labels, constant(blankClass, labels.shape), blankClass));
  const at = (step: number): NDArray => reshape(slice(emissions, [step], [step + 1]), [states, batch]);
  const position = reshape(arange(states), [states, 1]);
  // The three ways into each state: from itself, from the one before, from the one before that.
  const sources = reshape(add(reshape(arange(states), [1, states]), cast(array([[2], [1], [0]]), 'int32')), [3, states]);
  const waysIn = concat([constant(0, [2, states, batch]), reshape(transpose(skipPenalty(labels)), [1, states, batch])]);
  let alpha = where(less(position, 2), at(0), never);
  for (let step = 1; step < steps; step++) {
    const ways = add(gather(pad(alpha, [2, 0], [0, 0], never), sources), waysIn);
    const following = reshape(logSumExp(ways, 0), [states, batch]).add(at(step));
    alpha = dataLengths ? where(greater(reshape(dataLengths, [1, batch]), step), following, alpha) : following;
  }
  const last = cast(sum(cast(transpose(isLabel), 'float32'), { axes: 0, keepDims: true }).mul(2), 'int32');
  const ends = logicalOr(equal(position, last), equal(position, last.sub(1)));
  const likelihood = reshape(logSumExp(where(ends, alpha, never), 0), [batch]);
  return where(greater(likelihood, never / 2), likelihood.neg(), impossible);
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
