import type { LabelledImages } from '@lossworks/data';
import type { RandomGenerator } from '@lossworks/ndarray';
import type { Box } from '../detection/box.js';
import { areaOf, intersection } from '../detection/overlap.js';
import { type GreyImage, inkOf, scaled } from './scaled-image.js';

/** A canvas with digits on it. Class 0 is the background, class d + 1 the digit d. */
export interface Scene {
  /** size × size bytes. */
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly truths: readonly Box[];
  readonly classes: readonly number[];
}

export const sceneDefaults = {
  /** Of the square canvas, in pixels. */
  size: 96,
  digits: [1, 6] as readonly [number, number],
  /** Heights of digits, in pixels. */
  heights: [16, 40] as readonly [number, number],
  /** How much of a digit's box another's may cover, as a share of the smaller one. */
  largestShare: 0.15,
  /** Deviation of the grain on the canvas, in grey values. */
  grain: 18,
  /** Scraps of digits that belong to no box. */
  scraps: 4,
};

export type SceneOptions = typeof sceneDefaults;

/** Grey values from which a pixel counts as ink when a digit is cut out. */
const leastInk = 64;

/** Places tried for a digit before the scene makes do without it. */
const attempts = 40;

/** Real digits of random size, proportion, strength and place on an uneven, grainy canvas; boxes are the digits' ink. */
export function drawScene(digits: LabelledImages, random: RandomGenerator, options: Partial<SceneOptions> = {}): Scene {
  const { size, digits: [fewest, most], heights: [lowest, highest], largestShare, grain, scraps } = { ...sceneDefaults, ...options };
  const between = (low: number, high: number) => low + (high - low) * random.nextUniform();
  const canvas = ground(size, random, between);
  const draw = (image: GreyImage, left: number, top: number, strength: number) => {
    for (let y = 0; y < image.height; y++) {
      for (let x = 0; x < image.width; x++) {
        const at = (top + y) * size + left + x;
        canvas[at] = Math.max(canvas[at]!, image.pixels[y * image.width + x]! * strength + canvas[at]! * 0.3);
      }
    }
  };
  const count = fewest + random.nextBelow(most - fewest + 1);
  const truths: Box[] = [];
  const classes: number[] = [];
  for (let i = 0; i < scraps; i++) {
    const scrap = part(randomDigit(digits, random).image, random);
    draw(scrap, random.nextBelow(size - scrap.width + 1), random.nextBelow(size - scrap.height + 1), between(0.4, 0.9));
  }
  for (let i = 0; i < count; i++) {
    const { image, digit } = randomDigit(digits, random);
    const height = Math.round(between(lowest, highest));
    const width = Math.min(Math.max(4, Math.round((image.width / image.height) * height * between(0.85, 1.2))), highest);
    const strength = between(0.55, 1);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const [left, top] = [random.nextBelow(size - width + 1), random.nextBelow(size - height + 1)];
      const box: Box = [left, top, left + width - 1, top + height - 1];
      if (truths.some((other) => intersection(box, other) > largestShare * Math.min(areaOf(box), areaOf(other)))) continue;
      draw(scaled(image, width, height), left, top, strength);
      truths.push(box);
      classes.push(digit + 1);
      break;
    }
  }
  return { pixels: Uint8Array.from(canvas, (value) => Math.min(255, Math.max(0, Math.round(value + grain * random.nextNormal())))), size, truths, classes };
}

/** A slope of grey from one side to the other. */
function ground(size: number, random: RandomGenerator, between: (low: number, high: number) => number): Float32Array {
  const [level, slope, angle] = [between(20, 60), between(0, 40), 2 * Math.PI * random.nextUniform()];
  const [across, down] = [(Math.cos(angle) * slope) / size, (Math.sin(angle) * slope) / size];
  return Float32Array.from({ length: size * size }, (_, i) => level + across * ((i % size) - size / 2) + down * (Math.floor(i / size) - size / 2));
}

function randomDigit({ images, labels }: LabelledImages, random: RandomGenerator): { readonly image: GreyImage; readonly digit: number } {
  const [, , height, width] = images.shape as [number, number, number, number];
  for (;;) {
    const row = random.nextBelow(labels.data.length);
    const image = inkOf({ width, height, pixels: images.data.subarray(row * width * height, (row + 1) * width * height) }, leastInk);
    if (image) return { image, digit: labels.data[row]! };
  }
}

/** A piece of a digit, a third of its height. */
function part({ width, height, pixels }: GreyImage, random: RandomGenerator): GreyImage {
  const [w, h] = [Math.min(width, 8), Math.max(4, Math.round(height / 3))];
  const [left, top] = [random.nextBelow(width - w + 1), random.nextBelow(height - h + 1)];
  return { width: w, height: h, pixels: Float32Array.from({ length: w * h }, (_, i) => pixels[(top + Math.floor(i / w)) * width + left + (i % w)]!) };
}
