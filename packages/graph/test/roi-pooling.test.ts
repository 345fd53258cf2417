import { array, RandomGenerator, read } from '@lossworks/ndarray';
import { describe, expect, test } from 'vitest';
import { roiPooling, simpleBind, variable } from '../src/index.js';

interface Case {
  readonly data: readonly [batch: number, channels: number, height: number, width: number];
  readonly bins: readonly [rows: number, columns: number];
  readonly scale: number;
  /** Every region's row: batch index, x1, y1, x2, y2. */
  readonly rois: readonly (readonly number[])[];
  /** How many different features there are: with few, most maxima are tied. */
  readonly levels?: number;
}

const random = new RandomGenerator(3);
const between = (low: number, high: number) => low + (high - low) * random.nextUniform();

const cases: readonly (readonly [claim: string, sample: Case])[] = [
  ['any region of any image', { data: [3, 4, 13, 17], bins: [7, 7], scale: 0.25, rois: Array.from({ length: 40 }, (_, i) => [i % 3, between(0, 60), between(0, 45), between(0, 67), between(0, 51)]) }],
  ['ties go to the first in row-major order', { data: [2, 3, 9, 8], bins: [3, 2], scale: 1, levels: 2, rois: Array.from({ length: 40 }, (_, i) => [i % 2, i % 5, i % 7, 4 + (i % 4), 5 + (i % 3)]) }],
  ['regions beyond the image on every side', { data: [1, 2, 6, 5], bins: [2, 3], scale: 0.5, rois: [[0, -40, -40, 40, 40], [0, -9, 2, 3, 30], [0, 20, 20, 30, 30], [0, -30, -30, -20, -20]] }],
  ['regions of no image give 0', { data: [2, 2, 4, 4], bins: [2, 2], scale: 1, rois: [[-1, 0, 0, 3, 3], [2, 0, 0, 3, 3], [1, 0, 0, 3, 3]] }],
  ['turned-over and single-pixel regions', { data: [1, 3, 8, 8], bins: [7, 7], scale: 1, rois: [[0, 5, 6, 2, 1], [0, 3, 3, 3, 3]] }],
  ['a single feature', { data: [1, 1, 1, 1], bins: [2, 2], scale: 1, rois: [[0, 0, 0, 0, 0], [0, 0, 0, 5, 5]] }],
  ['more bins than features, on an elongated map', { data: [1, 2, 3, 33], bins: [5, 4], scale: 0.125, rois: [[0, 0, 0, 263, 23], [0, 100, 5, 180, 12]] }],
];

describe('ROIPooling is what loops over regions, bins and features give, forward and backward', () => {
  test.each(cases)('%s', async (_, sample) => {
    const { data: shape, bins, scale, rois, levels } = sample;
    const size = shape.reduce((product, length) => product * length);
    const features = Float32Array.from({ length: size }, () => (levels ? Math.floor(levels * random.nextUniform()) : between(-2, 1)));
    const heads = Float32Array.from({ length: rois.length * shape[1] * bins[0] * bins[1] }, (_value, i) => 1 + (i % 13));
    const executor = simpleBind(roiPooling({ data: variable('data'), rois: variable('rois'), pooledSize: [...bins], spatialScale: scale }), {
      shapes: { data: [...shape], rois: [rois.length, 5] },
      gradReq: { data: 'write', rois: 'write' },
    });
    // Maxima alone are computed another way than with their places.
    await executor.forward({ feeds: { data: array(features, { shape: [...shape] }), rois: array(rois.map((row) => [...row])) } });
    const [maxima] = await read([executor.outputs[0]!]);
    await executor.forward({ isTrain: true });
    await executor.backward([array(heads, { shape: [rois.length, shape[1], ...bins] })]);
    const [output, gradient, ofRois] = await read([executor.outputs[0]!, executor.gradDict['data']!, executor.gradDict['rois']!]);
    const wanted = poolByLoops(sample, features, heads);
    expect([...maxima!]).toEqual(wanted.output);
    expect([...output!]).toEqual(wanted.output);
    expect([...gradient!]).toEqual(wanted.gradient);
    expect(new Set(ofRois)).toEqual(new Set([0]));
  });
});

/** As Caffe and MXNet do it: bins in float32, bounds rounded outwards. */
function poolByLoops({ data: [batch, channels, height, width], bins: [rows, columns], scale, rois }: Case, features: Float32Array, heads: Float32Array) {
  const output: number[] = [];
  const gradient = new Array<number>(features.length).fill(0);
  const round = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
  const bounds = (from: number, to: number, bin: number, count: number, size: number): [number, number] => {
    const start = round(Math.fround(from) * scale);
    const length = Math.fround(Math.max(round(Math.fround(to) * scale) - start + 1, 1) / count);
    return [Math.floor(Math.fround(bin * length)) + start, Math.ceil(Math.fround((bin + 1) * length)) + start].map((edge) => Math.min(Math.max(edge, 0), size)) as [number, number];
  };
  for (const [image, x1, y1, x2, y2] of rois as readonly [number, number, number, number, number][]) {
    for (let channel = 0; channel < channels; channel++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let best = -1;
          const [top, bottom] = bounds(y1, y2, row, rows, height);
          const [left, right] = bounds(x1, x2, column, columns, width);
          for (let y = top; y < bottom && image >= 0 && image < batch; y++) {
            for (let x = left; x < right; x++) {
              const at = ((image * channels + channel) * height + y) * width + x;
              if (best < 0 || features[at]! > features[best]!) best = at;
            }
          }
          if (best >= 0) gradient[best]! += heads[output.length]!;
          output.push(best < 0 ? 0 : features[best]!);
        }
      }
    }
  }
  return { output, gradient };
}
