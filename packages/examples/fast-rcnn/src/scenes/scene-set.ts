import type { LabelledImages } from '@lossworks/data';
import { RandomGenerator } from '@lossworks/ndarray';
import type { AnnotatedImage } from '../detection/region-record.js';
import type { DigitPools } from './digits.js';
import { proposalsFor } from './proposals.js';
import { drawScene, type Scene } from './scene.js';

/** A scene with the boxes proposed for it. */
export interface ProposedScene extends Scene, AnnotatedImage {}

const validationScenes = 60;

/** Scenes to train with, to look at after each epoch, and to test with at the end: of digits of their own, by seeds of their own. */
export function sceneSets(digits: DigitPools, { scenes, testScenes, seed }: { readonly scenes: number; readonly testScenes: number; readonly seed: number }) {
  return {
    train: sceneSet(digits.train, { count: scenes, seed: 3 * seed }),
    validation: sceneSet(digits.validation, { count: Math.min(validationScenes, scenes), seed: 3 * seed + 1 }),
    test: sceneSet(digits.test, { count: testScenes, seed: 3 * seed + 2 }),
  };
}

/** So many scenes; the same seed gives the same, and a larger count the same ones first. */
export function sceneSet(digits: LabelledImages, { count, seed }: { readonly count: number; readonly seed: number }): ProposedScene[] {
  const random = new RandomGenerator(seed);
  return Array.from({ length: count }, () => {
    const scene = drawScene(digits, random);
    return { ...scene, width: scene.size, height: scene.size, proposals: proposalsFor(scene, random) };
  });
}
