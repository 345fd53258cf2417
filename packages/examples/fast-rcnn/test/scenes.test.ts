import { RandomGenerator } from '@lossworks/ndarray';
import { beforeAll, describe, expect, test } from 'vitest';
import { areaOf, intersection, overlap } from '../src/detection/overlap.js';
import { Detector } from '../src/detector.js';
import { detectionNetwork } from '../src/network.js';
import { type DigitPools, loadDigits } from '../src/scenes/digits.js';
import { blindProposals, proposalsFor } from '../src/scenes/proposals.js';
import { sceneSet, type ProposedScene } from '../src/scenes/scene-set.js';
import { drawScene } from '../src/scenes/scene.js';

let digits: DigitPools;
let scenes: ProposedScene[];
beforeAll(async () => {
  digits = await loadDigits();
  scenes = sceneSet(digits.test, { count: 60, seed: 1 });
});

describe('scenes', () => {
  test('hold one to six digits within the canvas, none of which covers more than the stated share of another', () => {
    for (const { truths, classes, pixels } of scenes) {
      expect(pixels).toHaveLength(96 * 96);
      expect(truths.length).toBeGreaterThan(0);
      expect(truths.length).toBeLessThan(7);
      expect(classes.every((classId) => classId >= 1 && classId <= 10)).toBe(true);
      truths.forEach((box, i) => {
        expect(Math.min(...box) >= 0 && Math.max(...box) <= 95).toBe(true);
        for (const other of truths.slice(i + 1)) expect(intersection(box, other)).toBeLessThanOrEqual(0.15 * Math.min(areaOf(box), areaOf(other)));
      });
    }
    expect(new Set(scenes.flatMap(({ classes }) => classes)).size).toBe(10);
    expect(new Set(scenes.map(({ truths }) => truths.length)).size).toBe(6);
  });

  test('a box holds ink up to its edges: digits are brighter than what surrounds them', () => {
    const { pixels, truths } = drawScene(digits.test, new RandomGenerator(3), { digits: [1, 1], scraps: 0, grain: 0 });
    const [left, top, right, bottom] = truths[0]!;
    const inside = Array.from(pixels, (value, i) => [value, i % 96 >= left && i % 96 <= right && i >= top * 96 && i < (bottom + 1) * 96] as const);
    const brightest = (isInside: boolean) => Math.max(...inside.flatMap(([value, within]) => (within === isInside ? [value] : [])));
    expect(brightest(true)).toBeGreaterThan(brightest(false) + 40);
  });

  test('the same seed gives the same scenes, more of them the same ones first, another seed others', () => {
    expect(sceneSet(digits.test, { count: 3, seed: 1 })).toEqual(scenes.slice(0, 3));
    expect(sceneSet(digits.test, { count: 1, seed: 2 })[0]!.pixels).not.toEqual(scenes[0]!.pixels);
  });

  test('are made of digits that the training never sees', () => {
    const pool = ({ images: { data } }: DigitPools['train']) => data;
    expect(pool(digits.train).buffer).toBe(pool(digits.validation).buffer);
    expect(pool(digits.train).byteOffset + pool(digits.train).byteLength).toBeLessThanOrEqual(pool(digits.validation).byteOffset);
    expect(pool(digits.test).buffer).not.toBe(pool(digits.train).buffer);
  });
});

describe('proposals', () => {
  test('are as many as asked for, boxes within the canvas', () => {
    for (const { proposals } of scenes) {
      expect(proposals).toHaveLength(160);
      expect(proposals.every(([left, top, right, bottom]) => left >= 0 && top >= 0 && right < 96 && bottom < 96 && right >= left && bottom >= top)).toBe(true);
    }
  });

  test('find nearly every digit at 0.5, yet fit few of them exactly', () => {
    const best = scenes.flatMap(({ truths, proposals }) => truths.map((truth) => Math.max(...proposals.map((box) => overlap(truth, box)))));
    const reached = (least: number) => best.filter((share) => share >= least).length / best.length;
    expect(reached(0.5)).toBeGreaterThan(0.97);
    expect(reached(0.75)).toBeLessThan(0.8);
  });

  test('of the grid are the same whatever the scene holds', () => {
    const [scene] = scenes as [ProposedScene];
    expect(blindProposals(scene)).toEqual(blindProposals({ size: 96 }));
    expect(proposalsFor({ truths: [], size: 96 }, new RandomGenerator(1))).toHaveLength(160);
  });
});

test('a scene without proposals gives no regions, and does not disturb the others', async () => {
  const detector = new Detector(96);
  const random = new RandomGenerator(1);
  const { arguments: shapes } = detectionNetwork().inferShape({ data: [4, 1, 96, 96], rois: [4, 160, 5] })!;
  const names = detectionNetwork().listArguments();
  detector.load({ argParams: Object.fromEntries(names.flatMap((name, i) => (['data', 'rois'].includes(name) ? [] : [[name, random.normal(shapes[i]!, 0, 0.05)]]))), auxParams: {} });
  const [first, second] = scenes as [ProposedScene, ProposedScene];
  const [alone] = await detector.run([second]);
  const [none, beside] = await detector.run([{ ...first, proposals: [[5, 5, 4, 4], [300, 300, 310, 310]] }, second]);
  expect(none).toEqual({ regions: [], probabilities: [], deltas: [] });
  expect(beside).toEqual(alone);
  expect(alone!.probabilities).toHaveLength(160 * 11);
  expect(Array.from(alone!.probabilities).every(Number.isFinite)).toBe(true);
});
