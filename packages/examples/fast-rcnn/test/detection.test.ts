import { array, RandomGenerator, read } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import type { Box } from '../src/detection/box.js';
import { type BoxDelta, decodeBox, encodeBox } from '../src/detection/box-coding.js';
import { boxTargets } from '../src/detection/box-targets.js';
import { deltaStatistics, normalized } from '../src/detection/delta-statistics.js';
import { testParameters, withDenormalized } from '../src/detection/denormalized.js';
import { detections } from '../src/detection/detections.js';
import { meanAveragePrecision, precisionRecall } from '../src/detection/mean-average-precision.js';
import { nonMaximumSuppression } from '../src/detection/non-maximum-suppression.js';
import { overlap, recall } from '../src/detection/overlap.js';
import { RCNNAccuracy, RCNNL1Loss, RCNNLogLoss, regionMetrics } from '../src/detection/region-metrics.js';
import { type AnnotatedImage, nothingSkipped, type Region, regionsOf, validProposals } from '../src/detection/region-record.js';
import { sampleRegions } from '../src/detection/region-sampling.js';

const size = { width: 100, height: 80 };
const classes = 4;

describe('overlap', () => {
  test.each<[claim: string, a: Box, b: Box, wanted: number]>([
    ['of equal boxes is 1', [3, 4, 12, 13], [3, 4, 12, 13], 1],
    ['of one pixel with itself is 1', [5, 5, 5, 5], [5, 5, 5, 5], 1],
    ['counts the last pixel: halves share half', [0, 0, 9, 9], [0, 0, 4, 9], 0.5],
    ['of boxes that share one column', [0, 0, 9, 9], [9, 0, 18, 9], 10 / 190],
    ['of neighbours is 0', [0, 0, 9, 9], [10, 0, 19, 9], 0],
  ])('%s', (_, a, b, wanted) => {
    expect(overlap(a, b)).toBeCloseTo(wanted, 12);
    expect(overlap(b, a)).toBeCloseTo(wanted, 12);
  });

  test('recall is the share of true boxes that some proposal reaches', () => {
    const truths: Box[] = [[0, 0, 9, 9], [50, 50, 59, 59]];
    expect(recall([truths, []], [[[0, 0, 9, 5]], []], 0.5)).toBe(0.5);
    expect(recall([truths], [[[0, 0, 9, 5]]], 0.7)).toBe(0);
  });
});

describe('box coding', () => {
  test('a delta moves by widths and heights and grows by e', () => {
    expect(encodeBox([10, 10, 19, 29], [15, 20, 24, 39])).toEqual([0.5, 0.5, 0, 0]);
    expect(encodeBox([0, 0, 9, 9], [-5, 0, 14, 9])[2]).toBeCloseTo(Math.log(2), 12);
  });

  test('decoding undoes encoding', () => {
    const random = new RandomGenerator(1);
    const corner = () => 60 * random.nextUniform();
    for (let i = 0; i < 50; i++) {
      const [a, b] = [0, 1].map((): Box => { const [x, y] = [corner(), corner()]; return [x, y, x + corner(), y + corner()]; }) as [Box, Box];
      decodeBox(a, encodeBox(a, b)).forEach((value, k) => expect(value).toBeCloseTo(b[k]!, 9));
    }
  });

  test('a wild delta stays a finite box', () => {
    expect(decodeBox([0, 0, 9, 9], [0, 0, 1e9, 1e9]).every(Number.isFinite)).toBe(true);
  });
});

const image: AnnotatedImage = {
  ...size,
  truths: [[10, 10, 29, 29], [60, 40, 79, 69]],
  classes: [1, 3],
  proposals: [[12, 10, 31, 29], [58, 38, 80, 70], [0, 0, 5, 5], [40, 0, 70, 20], [80, 0, 99, 10]],
};

describe('regions of an image', () => {
  test('are the true boxes and the proposals, each with the true box it is most like', () => {
    const regions = regionsOf(image, { classes, skipped: nothingSkipped() })!;
    expect(regions.map(({ classId, overlap: share }) => [classId, share >= 0.5])).toEqual([[1, true], [3, true], [1, true], [3, true], [1, false], [1, false], [1, false]]);
    expect(regions[0]).toMatchObject({ overlap: 1, delta: [0, 0, 0, 0] });
    expect(decodeBox(regions[2]!.box, regions[2]!.delta)).toEqual(image.truths[0]);
  });

  const broken: readonly (readonly [what: string, box: Box])[] = [
    ['empty', [20, 20, 19, 25]], ['turned over', [30, 30, 20, 20]], ['outside of the image', [200, 10, 220, 30]], ['before the image', [-30, 5, -1, 9]],
    ['no number', [NaN, 0, 5, 5]], ['infinite', [0, 0, Infinity, 5]],
  ];
  test.each(broken)('a box that is %s is left out and counted, as truth and as proposal', (_, box) => {
    const skipped = nothingSkipped();
    const regions = regionsOf({ ...image, truths: [...image.truths, box], classes: [1, 3, 2], proposals: [box, ...image.proposals] }, { classes, skipped })!;
    expect(regions).toEqual(regionsOf(image, { classes, skipped: nothingSkipped() }));
    expect(skipped).toEqual({ ...nothingSkipped(), truths: 1, proposals: 1 });
    expect(validProposals({ ...image, proposals: [box] })).toEqual([]);
  });

  test('a box that reaches beyond the image is cut off at its edge', () => {
    const [region] = regionsOf({ ...size, truths: [[-10, -10, 9, 9]], classes: [2], proposals: [] }, { classes, skipped: nothingSkipped() })!;
    expect(region!.box).toEqual([0, 0, 9, 9]);
  });

  test.each([
    ['without a true box', { truths: [], classes: [] }],
    ['whose true boxes are all broken', { truths: [[5, 5, 4, 4]], classes: [1] }],
  ] as const)('an image %s is left out and counted', (_, none) => {
    const skipped = nothingSkipped();
    expect(regionsOf({ ...image, ...none } as AnnotatedImage, { classes, skipped })).toBeUndefined();
    expect(skipped.imagesWithoutTruths).toBe(1);
  });

  test('an image without proposals is trained with its true boxes', () => {
    expect(regionsOf({ ...image, proposals: [] }, { classes, skipped: nothingSkipped() })).toHaveLength(2);
  });

  test.each([
    ['the background', [0, 1], /class 0; give whole numbers from 1 to 3/],
    ['a class there is none of', [1, 4], /class 4/],
    ['a fraction', [1, 1.5], /class 1.5/],
    ['too few', [1], /2 true boxes and 1 classes/],
  ])('%s as class of a true box is an error', (_, given, message) => {
    expect(() => regionsOf({ ...image, classes: given }, { classes, skipped: nothingSkipped() })).toThrow(message);
  });
});

const region = (share: number, classId: number, delta: BoxDelta = [0, 0, 0, 0]): Region => ({ box: [0, 0, 9, 9], overlap: share, classId, delta });

describe('sampling', () => {
  test('takes a fixed number: at most a quarter foreground, the rest background, each once while there are enough', () => {
    const regions = [...Array.from({ length: 100 }, (_, i) => region(0.5 + i / 250, 2)), ...Array.from({ length: 200 }, (_, i) => region(i / 401, 2))];
    const samples = sampleRegions(regions, new RandomGenerator(1));
    expect(samples).toHaveLength(64);
    expect(samples.filter(({ classId }) => classId === 2)).toHaveLength(16);
    expect(new Set(samples.map((each) => each.region)).size).toBe(64);
    expect(samples.every((each) => (each.classId > 0) === each.region.overlap >= 0.5)).toBe(true);
  });

  test.each([
    ['few foregrounds: background fills up', 3, 100, 3],
    ['few of both: some are taken again', 2, 5, undefined],
    ['no background', 4, 0, 64],
    ['no foreground', 0, 4, 0],
  ])('%s', (_, foreground, background, wanted) => {
    const regions = [...Array.from({ length: foreground }, () => region(0.9, 1)), ...Array.from({ length: background }, () => region(0.1, 1))];
    const samples = sampleRegions(regions, new RandomGenerator(2));
    expect(samples).toHaveLength(64);
    if (wanted !== undefined) expect(samples.filter(({ classId }) => classId > 0)).toHaveLength(wanted);
  });

  test('without any region that serves it is an error, not an endless loop', () => {
    expect(() => sampleRegions([], new RandomGenerator(1))).toThrow(/none of 0 regions/);
    expect(() => sampleRegions([region(0.05, 1)], new RandomGenerator(1), { background: 0.1 })).toThrow(/none of 1 regions overlaps a true box by 0.1/);
  });
});

describe('targets', () => {
  const regions = [region(1, 1, [0, 0, 0, 0]), region(0.9, 1, [0.2, -0.2, 0.4, 0]), region(0.7, 3, [0.1, 0.1, 0.1, 0.1]), region(0.2, 1, [9, 9, 9, 9])];
  const statistics = deltaStatistics([regions], { classes, foreground: 0.5 });

  test('are normalised by mean and deviation of their class over foreground regions', () => {
    expect(statistics.means[1]!.map((value) => Number(value.toFixed(6)))).toEqual([0.1, -0.1, 0.2, 0]);
    expect(statistics.deviations[1]!.slice(0, 3).map((value) => Number(value.toFixed(6)))).toEqual([0.1, 0.1, 0.2]);
    normalized([0.2, -0.2, 0.4, 0], 1, statistics).slice(0, 3).forEach((value, i) => expect(value).toBeCloseTo([1, -1, 1][i]!, 6));
  });

  test('a class that never differs, or hardly occurs, gives finite targets', () => {
    expect(statistics.deviations[1]![3]).toBeGreaterThan(0);
    expect([statistics.means[3], statistics.deviations[3]]).toEqual([[0, 0, 0, 0], [1, 1, 1, 1]]);
    expect([statistics.means[0], statistics.deviations[2]]).toEqual([[0, 0, 0, 0], [1, 1, 1, 1]]);
  });

  test('stand at the four numbers of the true class, where the weight is 1; background has none', () => {
    const { labels, targets, weights } = boxTargets([{ region: regions[1]!, classId: 1 }, { region: regions[3]!, classId: 0 }], { classes, statistics });
    expect([...labels]).toEqual([1, 0]);
    expect([...weights]).toEqual([0, 0, 0, 0, 1, 1, 1, 1, ...new Array<number>(24).fill(0)]);
    expect(targets.findIndex((value) => value !== 0)).toBe(4);
    expect([...targets.subarray(8)].every((value) => value === 0)).toBe(true);
  });

  test('de-normalised parameters give the deltas themselves', async () => {
    const random = new RandomGenerator(4);
    const argParams = { bbox_pred_weight: random.normal([16, 5]), bbox_pred_bias: random.normal([16]), other: array([1, 2]) };
    const saved = withDenormalized(argParams, statistics);
    expect(saved['bbox_pred_weight']).toBe(argParams.bbox_pred_weight);
    const { bbox_pred_weight: weight, bbox_pred_bias: bias, ...rest } = testParameters(saved);
    expect(Object.keys(rest)).toEqual(['other']);
    const [a, b, c, d] = (await read([argParams.bbox_pred_weight, argParams.bbox_pred_bias, weight!, bias!])) as Float32Array[];
    for (let row = 0; row < 16; row++) {
      const [mean, deviation] = [statistics.means.flat()[row]!, statistics.deviations.flat()[row]!];
      expect(c![row * 5 + 2]).toBeCloseTo(a![row * 5 + 2]! * deviation, 5);
      expect(d![row]).toBeCloseTo(b![row]! * deviation + mean, 5);
    }
    expect(() => testParameters(argParams)).toThrow(/withDenormalized/);
  });
});

describe('suppression', () => {
  const boxes = [[0, 0, 9, 9], [1, 0, 10, 9], [30, 30, 39, 39], [0, 8, 9, 17]].map((box, i) => ({ box: box as unknown as Box, score: [0.6, 0.9, 0.5, 0.8][i]! }));

  test('keeps the surest of those that overlap by more than the threshold', () => {
    expect(nonMaximumSuppression(boxes, 0.3).map(({ score }) => score)).toEqual([0.9, 0.8, 0.5]);
    expect(nonMaximumSuppression(boxes, 0.05).map(({ score }) => score)).toEqual([0.9, 0.5]);
    expect(nonMaximumSuppression([], 0.3)).toEqual([]);
  });
});

describe('detections', () => {
  const regions: Box[] = [[10, 10, 19, 19], [11, 10, 20, 19], [95, 70, 99, 79]];
  const probabilities = [0.1, 0.8, 0.1, 0.2, 0.7, 0.1, 0.5, 0.0005, 0.4995];
  const deltas = new Array<number>(3 * 12).fill(0);
  deltas[4] = 0.5;
  deltas[24 + 8] = 2;

  test('each region is moved for its class, cut off at the edge, and thinned out within the class; the background is left out', () => {
    const found = detections({ regions, probabilities, deltas }, size, { suppression: 0.3 });
    expect(found.filter(({ classId }) => classId === 1).map(({ box, score }) => [box, score])).toEqual([[[15, 10, 24, 19], 0.8], [[11, 10, 20, 19], 0.7]].slice(0, overlap([15, 10, 24, 19], [11, 10, 20, 19]) > 0.3 ? 1 : 2));
    expect(found.filter(({ classId }) => classId === 2).map(({ score }) => score)).toEqual([0.1]);
    expect(found.every(({ classId }) => classId > 0)).toBe(true);
  });

  test('without regression boxes stay where they were proposed', () => {
    const found = detections({ regions, probabilities, deltas }, size, { regression: false });
    expect(found.map(({ box }) => box)).toEqual([regions[0], regions[2], regions[0]]);
  });

  test('a box moved out of the image is no detection, and a probability that is no number neither', () => {
    expect(detections({ regions: [[0, 0, 9, 9]], probabilities: [0, NaN, 1], deltas: [0, 0, 0, 0, 0, 0, 0, 0, 50, 0, 0, 0] }, size)).toEqual([]);
  });

  test('no regions give no detections', () => {
    expect(detections({ regions: [], probabilities: [], deltas: [] }, size)).toEqual([]);
  });
});

describe('average precision', () => {
  const images = [{ truths: [[0, 0, 9, 9], [20, 20, 29, 29]] as Box[], classes: [1, 1] }];
  const found = [[{ box: [0, 0, 9, 9] as Box, score: 0.9, classId: 1 }, { box: [50, 50, 59, 59] as Box, score: 0.8, classId: 1 }, { box: [20, 20, 29, 28] as Box, score: 0.7, classId: 1 }]];

  test.each([
    ['the area', 0.5, 'area', 0.5 + 0.5 * (2 / 3)],
    ['eleven points', 0.5, '11-point', (6 + 5 * (2 / 3)) / 11],
    ['the area where boxes must fit better', 0.95, 'area', 0.5],
  ] as const)('%s', (_, threshold, interpolation, wanted) => {
    expect(meanAveragePrecision(images, found, { threshold, interpolation })).toBeCloseTo(wanted, 9);
  });

  test('its curve goes from the surest box to the least sure', () => {
    const { classes: ids, recall: recalls, precision } = precisionRecall(images, found, 0.5);
    expect([ids, recalls, precision]).toEqual([[1], [[0.5, 0.5, 1]], [[1, 2 / 3, 2 / 3]]]);
  });

  test('nothing found is 0, not an error', () => {
    expect(meanAveragePrecision(images, [[]], { threshold: 0.5, interpolation: 'area' })).toBe(0);
  });
});

describe('metrics of regions', () => {
  const label = { data: [0, 2], shape: [1, 2] };
  const probabilities = { data: [0.6, 0.3, 0.1, 0.25, 0.5, 0.25], shape: [1, 2, 3] };
  const boxLoss = { data: [0, 0, 0, 0, 0.25, 0.5, 0, 0], shape: [1, 2, 4] };

  test.each([
    ['RCNNAcc', new RCNNAccuracy(), probabilities, 0.5],
    ['RCNNLogLoss', new RCNNLogLoss(), probabilities, -(Math.log(0.6) + Math.log(0.25)) / 2],
    ['RCNNL1Loss', new RCNNL1Loss(), boxLoss, 0.75],
  ] as const)('%s', (name, metric, pred, wanted) => {
    metric.update(label, pred);
    expect(metric.get()[0]).toBe(name);
    expect(metric.get()[1]).toBeCloseTo(wanted, 6);
  });

  test('the composite reads each from its own output', () => {
    const metric = regionMetrics({ probabilities: 'p', boxLoss: 'b', label: 'l' });
    metric.updateDict({ l: label, other: { data: [7], shape: [1] } }, { b: boxLoss, p: probabilities });
    expect(metric.getNameValue().map(([, value]) => Number(value.toFixed(4)))).toEqual([0.5, 0.9486, 0.75]);
  });

  test('probabilities that do not fit the labels are refused', () => {
    expect(() => new RCNNAccuracy().update({ data: [1], shape: [1] }, probabilities)).toThrow(/RCNNAcc.*one row of probabilities a label/);
  });
});
