import type { RandomGenerator } from '@lossworks/ndarray';
import type { Region } from './region-record.js';

export const samplingDefaults = {
  /** Regions of one image. */
  regions: 64,
  /** The share of them that may be foreground. */
  foregroundShare: 0.25,
  /** Overlap with a true box from which a region is foreground. */
  foreground: 0.5,
  /** Background overlaps by at least this, and by less than `foreground`. */
  background: 0,
};

export type SamplingOptions = typeof samplingDefaults;

/** A region chosen for a batch; background has class 0. */
export interface Sample {
  readonly region: Region;
  readonly classId: number;
}

/**
 * A fixed number of an image's regions, foreground first: at most a quarter foreground, the rest background, each at random. Where there are too few of them, some
 * are taken again (MXNet's `sample_rois`).
 *
 * @throws RangeError where there is no region of either kind.
 */
export function sampleRegions(regions: readonly Region[], random: RandomGenerator, options: Partial<SamplingOptions> = {}): Sample[] {
  const { regions: wanted, foregroundShare, foreground, background } = { ...samplingDefaults, ...options };
  const foregrounds = regions.filter(({ overlap }) => overlap >= foreground);
  const backgrounds = regions.filter(({ overlap }) => overlap < foreground && overlap >= background);
  const someForeground = chosen(foregrounds, Math.min(Math.round(wanted * foregroundShare), foregrounds.length), random);
  const someBackground = chosen(backgrounds, Math.min(wanted - someForeground.length, backgrounds.length), random);
  const samples = [
    ...someForeground.map((region) => ({ region, classId: region.classId })),
    ...someBackground.map((region) => ({ region, classId: 0 })),
  ];
  if (samples.length === 0) {
    throw new RangeError(`sampleRegions: none of ${regions.length} regions overlaps a true box by ${background} or more; give the image proposals, or leave it out`);
  }
  while (samples.length < wanted) samples.push(samples[random.nextBelow(samples.length)]!);
  return samples;
}

/** Some of them at random, each at most once. */
function chosen<T>(items: readonly T[], count: number, random: RandomGenerator): T[] {
  return [...random.permutation(items.length).subarray(0, count)].map((i) => items[i]!);
}
