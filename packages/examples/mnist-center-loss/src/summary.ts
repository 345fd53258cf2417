import { type EpochsOfRun, runNames } from './history.js';

/** What a run came to, as `summary.json` holds it. Accuracies are shares of 1. */
export interface Summary {
  readonly testAccuracy: number;
  readonly testAccuracySoftmaxOnly: number;
  readonly spread: number;
  readonly spreadSoftmaxOnly: number;
  /** Over both trainings: digits by seconds of training. */
  readonly samplesPerSecond: number;
  readonly trainSeconds: number;
  readonly epochs: number;
  readonly seed: number;
  readonly engine: string;
}

export function summarize(epochs: EpochsOfRun, { seed, engine }: Pick<Summary, 'seed' | 'engine'>): Summary {
  const all = runNames.flatMap((name) => epochs[name]);
  const trainSeconds = all.reduce((sum, epoch) => sum + epoch.trainSeconds, 0);
  const samples = all.reduce((sum, epoch) => sum + epoch.samples, 0);
  const withCenterLoss = epochs['center-loss'].at(-1)!;
  const softmaxOnly = epochs['softmax-only'].at(-1)!;
  return {
    testAccuracy: withCenterLoss.test.accuracy,
    testAccuracySoftmaxOnly: softmaxOnly.test.accuracy,
    spread: withCenterLoss.spread,
    spreadSoftmaxOnly: softmaxOnly.spread,
    samplesPerSecond: samples / trainSeconds,
    trainSeconds,
    epochs: epochs['center-loss'].length,
    seed,
    engine,
  };
}
