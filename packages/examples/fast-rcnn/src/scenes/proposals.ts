import type { RandomGenerator } from '@lossworks/ndarray';
import { type Box, heightOf, widthOf } from '../detection/box.js';

export const proposalDefaults = {
  /** Boxes of an image, in all. */
  count: 160,
  /** Jittered copies of each true box. */
  jittered: 8,
  /** Deviation of a copy's place, in widths and heights, and of the logarithm of its sizes. */
  shift: 0.15,
  growth: 0.2,
};

export type ProposalOptions = typeof proposalDefaults;

/**
 * Boxes that may hold something, in the place of selective search: true boxes with a wide jitter, a grid that knows nothing, and random boxes up to the count. Half of what
 * selective search does well, finding objects at all, is given away by the jittered boxes; fitting them and telling what they are is left to the network.
 */
export function proposalsFor({ truths, size }: { readonly truths: readonly Box[]; readonly size: number }, random: RandomGenerator, options: Partial<ProposalOptions> = {}): Box[] {
  const { count, jittered, shift, growth } = { ...proposalDefaults, ...options };
  const boxes = truths.flatMap((truth) => Array.from({ length: jittered }, () => jitter(truth, random, { shift, growth })));
  boxes.push(...grid(size));
  while (boxes.length < count) boxes.push(randomBox(size, random));
  return boxes.slice(0, count).map((box) => inside(box, size));
}

/** Proposals that know nothing of the true boxes: a grid of three sizes and three proportions, twice as many as `proposalsFor` gives. */
export function blindProposals({ size }: { readonly size: number }): Box[] {
  return grid(size, { step: 0.5, proportions: [0.4, 0.7, 1] }).map((box) => inside(box, size));
}

/** Boxes of three sizes in rows and columns, two thirds as wide as high, half overlapping their neighbours. */
export function grid(size: number, { heights = [20, 28, 38] as readonly number[], step = 0.6, proportions = [0.7] as readonly number[] } = {}): Box[] {
  return heights.flatMap((height) =>
    proportions.flatMap((proportion) => {
      const width = height * proportion;
      const starts = (length: number) => {
        const places = Math.max(1, Math.round((size - length) / (length * step))) + 1;
        return Array.from({ length: places }, (_, i) => (i * (size - length)) / (places - 1));
      };
      return starts(height).flatMap((top) => starts(width).map((left): Box => [left, top, left + width - 1, top + height - 1]));
    }),
  );
}

function jitter(box: Box, random: RandomGenerator, { shift, growth }: { readonly shift: number; readonly growth: number }): Box {
  const [width, height] = [widthOf(box) * Math.exp(growth * random.nextNormal()), heightOf(box) * Math.exp(growth * random.nextNormal())];
  const x = (box[0] + box[2]) / 2 + shift * widthOf(box) * random.nextNormal();
  const y = (box[1] + box[3]) / 2 + shift * heightOf(box) * random.nextNormal();
  return [x - (width - 1) / 2, y - (height - 1) / 2, x + (width - 1) / 2, y + (height - 1) / 2];
}

function randomBox(size: number, random: RandomGenerator): Box {
  const height = 12 + 36 * random.nextUniform();
  const width = height * (0.3 + 0.8 * random.nextUniform());
  const [left, top] = [(size - width) * random.nextUniform(), (size - height) * random.nextUniform()];
  return [left, top, left + width - 1, top + height - 1];
}

/** Cut off at the edges; at least one pixel is left. */
function inside([left, top, right, bottom]: Box, size: number): Box {
  const within = (value: number) => Math.min(Math.max(value, 0), size - 1);
  const [x, y] = [within(left), within(top)];
  return [x, y, Math.max(x, within(right)), Math.max(y, within(bottom))];
}
