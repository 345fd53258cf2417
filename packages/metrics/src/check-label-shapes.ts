import { formatShape, sameShape, type HostArray } from './host-array.js';

/** How closely labels and predictions are compared (MXNet `check_label_shapes`). */
export interface CheckLabelShapesOptions {
  /** Return a lone array as a list of one; default false. */
  readonly wrap?: boolean;
  /** Compare shapes instead of lengths; both must be arrays, not lists. Default false. */
  readonly shape?: boolean;
}

type Arrays = HostArray | readonly HostArray[];

/**
 * Compares lengths of lists, or of the first axis, or whole shapes, and returns both as lists (MXNet `check_label_shapes`).
 *
 * @throws RangeError where labels and predictions do not match; TypeError where `shape` is asked of a list.
 */
export function checkLabelShapes(
  labels: Arrays,
  preds: Arrays,
  options: CheckLabelShapesOptions & { wrap: true },
): [labels: readonly HostArray[], preds: readonly HostArray[]];
/**
 * The same, returning both as they are.
 *
 * @throws RangeError where labels and predictions do not match; TypeError where `shape` is asked of a list.
 */
export function checkLabelShapes<Labels extends Arrays, Preds extends Arrays>(
  labels: Labels,
  preds: Preds,
  options?: CheckLabelShapesOptions,
): [labels: Labels, preds: Preds];
export function checkLabelShapes(
  labels: Arrays,
  preds: Arrays,
  { wrap = false, shape = false }: CheckLabelShapesOptions = {},
): [labels: Arrays, preds: Arrays] {
  const left = shape ? shapeOf(labels, 'labels') : [lengthOf(labels)];
  const right = shape ? shapeOf(preds, 'predictions') : [lengthOf(preds)];
  if (!sameShape(left, right)) {
    const what = shape ? 'shape' : 'length';
    throw new RangeError(`checkLabelShapes: labels have ${what} ${formatShape(left)}, predictions ${formatShape(right)}; give one label a prediction`);
  }
  return wrap ? [asList(labels), asList(preds)] : [labels, preds];
}

function isList(arrays: Arrays): arrays is readonly HostArray[] {
  return Array.isArray(arrays);
}

function asList(arrays: Arrays): readonly HostArray[] {
  return isList(arrays) ? arrays : [arrays];
}

function lengthOf(arrays: Arrays): number {
  return isList(arrays) ? arrays.length : (arrays.shape[0] ?? 0);
}

function shapeOf(arrays: Arrays, what: string): readonly number[] {
  if (isList(arrays)) {
    throw new TypeError(`checkLabelShapes: ${what} are a list of ${arrays.length} arrays, which has no shape; pass one array, or leave shape out`);
  }
  return arrays.shape;
}
