import type { AblationRow } from './command.js';
import type { Skipped } from './detection/region-record.js';
import type { EpochRecord } from './history.js';

/** What a run came to, as `summary.json` holds it. Precisions and recalls are shares of 1, on the test scenes. */
export interface Summary {
  readonly mAP50: number;
  readonly mAP75: number;
  readonly mAP5095: number;
  readonly mAP75NoRegression: number;
  readonly proposalRecall50: number;
  readonly proposalRecall75: number;
  readonly trainSeconds: number;
  readonly imagesPerSecond: number;
  readonly epochs: number;
  readonly skipped: Skipped;
  readonly ablations: readonly AblationRow[];
  readonly seed: number;
  readonly engine: string;
}

export interface SummaryFacts {
  readonly recall50: number;
  readonly recall75: number;
  readonly epochs: readonly EpochRecord[];
  readonly skipped: Skipped;
  readonly seed: number;
  readonly engine: string;
}

/** @param rows the detector first, then its proposals without regression. */
export function summarize(rows: readonly AblationRow[], { recall50, recall75, epochs, skipped, seed, engine }: SummaryFacts): Summary {
  const [full, raw] = rows as readonly [AblationRow, AblationRow];
  const trainSeconds = epochs.reduce((sum, epoch) => sum + epoch.trainSeconds, 0);
  return {
    mAP50: full.mAP50,
    mAP75: full.mAP75,
    mAP5095: full.mAP5095,
    mAP75NoRegression: raw.mAP75,
    proposalRecall50: recall50,
    proposalRecall75: recall75,
    trainSeconds,
    imagesPerSecond: epochs.reduce((sum, { images }) => sum + images, 0) / trainSeconds,
    epochs: epochs.length,
    skipped,
    ablations: rows,
    seed,
    engine,
  };
}
