import { readFileSync } from 'node:fs';

/** An array as recorded, in the form metrics read. */
interface RecordedArray {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

/** A metric's value of one input: `values` where it has one a class. */
export interface RecordedMetric {
  readonly metric: string;
  readonly input: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly value?: number;
  readonly values?: readonly number[];
}

export interface RecordedMetrics {
  /** Which libraries computed the values. */
  readonly source: string;
  readonly inputs: Readonly<Record<string, readonly [label: RecordedArray, pred: RecordedArray]>>;
  readonly cases: readonly RecordedMetric[];
  readonly details: { readonly roc: readonly (readonly number[])[]; readonly confusion: readonly (readonly number[])[] };
}

/** What scikit-learn and torchmetrics compute, as `recorders/metrics.py` wrote it down. */
export function recordedMetrics(): RecordedMetrics {
  return JSON.parse(readFileSync(new URL('../../recorded/metrics.json', import.meta.url), 'utf8')) as RecordedMetrics;
}

/** Rows of both arrays, in parts of a number of samples; an array with twice the samples in rows is cut in twice the rows. */
export function inParts([label, pred]: readonly [RecordedArray, RecordedArray], sizes: readonly number[]): { labels: RecordedArray[]; preds: RecordedArray[] }[] {
  const samples = label.shape[0]!;
  const cut = (array: RecordedArray, from: number, to: number): RecordedArray => {
    const [rows = 0, ...rest] = array.shape;
    const [begin, end] = [(from * rows) / samples, (to * rows) / samples];
    const width = array.data.length / rows;
    return { data: array.data.slice(begin * width, end * width), shape: [end - begin, ...rest] };
  };
  let start = 0;
  return sizes.map((size) => {
    const [from, to] = [start, start + size];
    start = to;
    return { labels: [cut(label, from, to)], preds: [cut(pred, from, to)] };
  });
}
