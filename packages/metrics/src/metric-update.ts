import { formatShape, type HostArray } from './host-array.js';

/** What one call of `update` brings, every array checked to hold as many values as its shape says. */
export interface MetricUpdate {
  /** The display name, for errors. */
  readonly metric: string;
  /** Labels in the order of `labelNames`. */
  readonly labels: readonly HostArray[];
  /** Predictions in the order of `outputNames`. */
  readonly preds: readonly HostArray[];
}

/** A label and the prediction at the same position. */
export interface Pair {
  /** The display name, for errors. */
  readonly metric: string;
  /** Place in the lists, from 0, for errors. */
  readonly index: number;
  /** The label at this place. */
  readonly label: HostArray;
  /** The prediction at this place. */
  readonly pred: HostArray;
}

/**
 * Pairs labels and predictions by position.
 *
 * @throws RangeError for lists of unequal length.
 */
export function pairsOf(update: MetricUpdate): readonly Pair[] {
  const { metric, labels, preds } = update;
  if (labels.length !== preds.length) {
    throw new RangeError(
      `${metric}: labels ${formatShapes(labels)} and predictions ${formatShapes(preds)} cannot be paired (${labels.length} against ${preds.length}); ` +
        'set outputNames and labelNames to those this metric reads and call updateDict, or pass lists of equal length',
    );
  }
  return zipped(update);
}

/** Pairs labels and predictions by position as far as both reach. */
export function zipped({ metric, labels, preds }: MetricUpdate): readonly Pair[] {
  return labels.slice(0, preds.length).map((label, index) => ({ metric, index, label, pred: preds[index]! }));
}

/** The error for a pair that does not fit: names the metric, both shapes, the problem and the way out. The caller throws it. */
export function misfit({ metric, index, label, pred }: Pair, problem: string, wayOut: string): RangeError {
  return new RangeError(
    `${metric}: label ${index} has shape ${formatShape(label.shape)}, prediction ${index} has shape ${formatShape(pred.shape)}: ${problem}; ${wayOut}`,
  );
}

function formatShapes(arrays: readonly HostArray[]): string {
  return `{${arrays.map(array => formatShape(array.shape)).join(' ')}}`;
}
