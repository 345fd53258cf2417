import { type Box, clipped, type ImageSize, isBox } from './box.js';
import { type BoxDelta, encodeBox } from './box-coding.js';
import { bestOverlaps } from './overlap.js';

/** An image's true boxes, their classes (1 and up: 0 is the background), and the boxes proposed for it. */
export interface AnnotatedImage extends ImageSize {
  readonly truths: readonly Box[];
  readonly classes: readonly number[];
  readonly proposals: readonly Box[];
}

/** A region of an image with what it should become: most like which true box, by how much, and moved how. */
export interface Region {
  readonly box: Box;
  readonly overlap: number;
  /** Of the true box that overlaps most. */
  readonly classId: number;
  readonly delta: BoxDelta;
}

/** What was left out of images, and why. */
export interface Skipped {
  /** True boxes that are empty, turned over, no numbers, or outside of the image. */
  truths: number;
  /** Proposals of that kind. */
  proposals: number;
  /** Images without a true box: nothing to train towards. */
  imagesWithoutTruths: number;
  /** Images without any region. */
  imagesWithoutRegions: number;
}

export function nothingSkipped(): Skipped {
  return { truths: 0, proposals: 0, imagesWithoutTruths: 0, imagesWithoutRegions: 0 };
}

/**
 * All regions of an image to train with: its proposals and the true boxes themselves, cut off at the edges. What is no box is left out and counted in `skipped`.
 * Without a true box, or without any region, undefined: that image cannot be trained with.
 *
 * @throws RangeError where there is not one class a true box, or a class is none of 1 … classes − 1.
 */
export function regionsOf({ truths, classes: given, proposals, ...size }: AnnotatedImage, { classes, skipped }: { readonly classes: number; readonly skipped: Skipped }): readonly Region[] | undefined {
  if (truths.length !== given.length) throw new RangeError(`regionsOf: there are ${truths.length} true boxes and ${given.length} classes; give one class a box`);
  const wrong = given.find((classId) => !Number.isInteger(classId) || classId < 1 || classId >= classes);
  if (wrong !== undefined) throw new RangeError(`regionsOf: a true box has class ${wrong}; give whole numbers from 1 to ${classes - 1} (0 is the background)`);
  const kept = truths.flatMap((truth, i) => validBox(truth, size).map((box) => ({ box, classId: given[i]! })));
  const boxes = proposals.flatMap((proposal) => validBox(proposal, size));
  skipped.truths += truths.length - kept.length;
  skipped.proposals += proposals.length - boxes.length;
  if (kept.length === 0) {
    skipped.imagesWithoutTruths++;
    return undefined;
  }
  const all = [...kept.map(({ box }) => box), ...boxes];
  return bestOverlaps(all, kept.map(({ box }) => box)).map(({ index, overlap }, i) => {
    const { box: truth, classId } = kept[index]!;
    return { box: all[i]!, overlap, classId, delta: encodeBox(all[i]!, truth) };
  });
}

/** Proposals as a network can take them: those that are boxes, cut off at the edges. */
export function validProposals({ proposals, ...size }: ImageSize & { readonly proposals: readonly Box[] }): Box[] {
  return proposals.flatMap((proposal) => validBox(proposal, size));
}

function validBox(box: Box, size: ImageSize): Box[] {
  const inside = clipped(box, size);
  return isBox(box) && isBox(inside) ? [inside] : [];
}
