import { scoreRows } from '../classification/class-predictions.js';
import type { Pair } from '../metric-update.js';

/** Labels and rows of an update: embeddings are `[samples, dimensions]`. */
export function embeddingRows(pair: Pair): { dimensions: number; labels: number[]; values: number[] } {
  const { classes: dimensions } = scoreRows(pair);
  return { dimensions, labels: Array.from(pair.label.data, Math.trunc), values: Array.from(pair.pred.data) };
}
