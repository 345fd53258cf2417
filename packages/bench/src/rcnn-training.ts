import {
  activation, convolution, dropout, flatten, fullyConnected, group, reshape, roiPooling, smoothL1, variable, type Symbol,
} from '@lossworks/graph';
import { makeLoss, softmaxOutput } from '@lossworks/losses';
import { RandomGenerator, array } from '@lossworks/ndarray';
import { createModuleTraining } from './module-training.js';

export const images = 2;

const [regions, size, classes] = [128, 96, 11];

/** The network of the Fast R-CNN example. */
function network(): Symbol {
  const perRegion = (name: string, ...rest: number[]): Symbol => reshape({ data: variable(name), shape: [-1, ...rest] });
  let features = variable('data');
  for (const [i, numFilter] of [16, 32, 48, 16].entries()) {
    const [kernel, stride] = [i === 0 ? 5 : 3, i < 2 ? 2 : 1];
    const filtered = convolution({ data: features, kernel: [kernel, kernel], pad: [(kernel - 1) / 2, (kernel - 1) / 2], stride: [stride, stride], numFilter });
    features = activation({ data: filtered, actType: 'relu' });
  }
  let hidden = flatten({ data: roiPooling({ data: features, rois: perRegion('rois', 5), pooledSize: [7, 7], spatialScale: 0.25 }) });
  for (let i = 0; i < 2; i++) hidden = dropout({ data: activation({ data: fullyConnected({ data: hidden, numHidden: 256 }), actType: 'relu' }), p: 0.5 });
  const scores = fullyConnected({ data: hidden, numHidden: classes, name: 'cls_score' });
  const deltas = fullyConnected({ data: hidden, numHidden: 4 * classes, name: 'bbox_pred' });
  const distance = perRegion('bbox_weight', 4 * classes).mul(smoothL1({ data: deltas.sub(perRegion('bbox_target', 4 * classes)), scalar: 1 }));
  return group([softmaxOutput({ data: scores, label: perRegion('label'), normalization: 'batch', name: 'cls_prob' }), makeLoss({ data: distance, gradScale: 1 / regions })]);
}

/** A training of that network on two images and 128 regions made up once; each call takes so many whole steps together, all losses read at the end. */
export function createRegionTraining(together: number): () => Promise<number> {
  const random = new RandomGenerator(1);
  const perImage = regions / images;
  const labels = Float32Array.from({ length: regions }, (_, i) => (i % 4 === 0 ? (i % (classes - 1)) + 1 : 0));
  const weights = new Float32Array(regions * 4 * classes);
  labels.forEach((label, i) => (label > 0 ? weights.fill(1, 4 * (i * classes + label), 4 * (i * classes + label + 1)) : undefined));
  const boxes = [images, perImage, 4 * classes];
  const step = createModuleTraining(network(), {
    data: { data: random.uniform([images, 1, size, size]), rois: array(Array.from({ length: regions }, (_, i) => regionRow(i)).flat(), { shape: [images, perImage, 5] }) },
    label: { label: array(labels, { shape: [images, perImage] }), bbox_target: random.normal(boxes), bbox_weight: array(weights, { shape: boxes }) },
  }, { weightDecay: 5e-4, rescaleGradient: 1 }, together);
  return async () => {
    const [probabilities, boxLosses] = await step();
    let loss = 0;
    for (const value of boxLosses!) loss += value / regions;
    labels.forEach((label, i) => (loss -= Math.log(probabilities![i * classes + label]!) / regions));
    return loss;
  };
}

/** Image, left, top, right, bottom. */
function regionRow(i: number): number[] {
  const [left, top] = [(i * 37) % 56, (i * 53) % 56];
  return [Math.floor(i / (regions / images)), left, top, left + 11 + ((i * 7) % 28), top + 15 + ((i * 11) % 24)];
}
