import { describe, expect, test } from 'vitest';
import { contactSheet } from '../src/plot/contact-sheet.js';
import { curvesPlot, type CurvePanel } from '../src/plot/curves.js';
import { equalScales } from '../src/plot/equal-scales.js';
import { renderPng } from '../src/plot/png.js';
import { comparisonPlot, scatterPlot, type Embedding } from '../src/plot/scatter.js';
import { element, text } from '../src/plot/svg.js';
import { digitColors, theme } from '../src/plot/theme.js';
import { pngSize } from '../src/plot/png-size.js';

const words = { title: 'With center loss', subtitle: 'epoch 3' };

/** Each digit on a place of its own, `count` points there. */
function clusters(count: number): Embedding {
  const labels = Uint8Array.from({ length: 10 * count }, (_, i) => i % 10);
  const place = (digit: number, turn: number) => 8 * Math.cos((digit / 10) * 2 * Math.PI - turn);
  const points = Float32Array.from({ length: 20 * count }, (_, i) => place(labels[i >> 1]!, (i % 2) * (Math.PI / 2)) + 0.2 * Math.sin(i));
  const centers = Float32Array.from({ length: 20 }, (_, i) => place(i >> 1, (i % 2) * (Math.PI / 2)));
  return { points, labels, centers };
}

describe('colours', () => {
  const pairs = digitColors.flatMap((a, i) => digitColors.slice(i + 1).map((b) => [a, b] as const));
  test.each(pairs)('%s and %s are told apart at a glance', (a, b) => {
    expect(distance(a, b)).toBeGreaterThan(0.1);
  });

  test.each(digitColors)('%s stands out from the ground', (color) => {
    expect(distance(color, theme.panel)).toBeGreaterThan(0.35);
  });
});

describe('scatter', () => {
  test('every digit is drawn once, and every center', () => {
    const svg = scatterPlot(clusters(100), words);
    expect(svg.match(/M[\d. ]+h0/g)).toHaveLength(1000);
    expect(svg.match(/<g transform="translate/g)).toHaveLength(10);
  });

  test('ten thousand digits take less than 250 kB of SVG', () => {
    expect(scatterPlot(clusters(1000), words).length).toBeLessThan(250_000);
  });

  test('the comparison holds a panel for each embedding', () => {
    const svg = comparisonPlot([[clusters(2), { title: 'one', subtitle: '1' }], [clusters(2), { title: 'two', subtitle: '2' }]], words);
    expect(svg.match(/<clipPath/g)).toHaveLength(2);
    expect(new Set(svg.match(/<clipPath id="[^"]+"/g))).toHaveProperty('size', 2);
  });

  test('a class without digits has no center, and nothing is drawn for it', () => {
    const embedding = clusters(5);
    embedding.centers.fill(NaN, 6, 8);
    const svg = scatterPlot(embedding, words);
    expect(svg.match(/<g transform="translate/g)).toHaveLength(9);
    expect(svg).not.toContain('NaN');
  });

  test('points all in one place still give a picture', () => {
    const embedding = { ...clusters(5), points: new Float32Array(100).fill(3), centers: new Float32Array(20).fill(3) };
    expect(scatterPlot(embedding, words)).not.toMatch(/NaN|Infinity/);
  });
});

describe('equal scales', () => {
  const box = { x: 10, y: 20, width: 400, height: 300 };

  test('a unit is as long on one axis as on the other', () => {
    const { x, y } = equalScales(Float32Array.from([0, 0, 10, 1]), box);
    expect(x(1) - x(0)).toBeCloseTo(y(0) - y(1), 9);
  });

  test('one stray point among thousands does not set the scale, and is counted', () => {
    const points = Float32Array.from({ length: 4000 }, (_, i) => Math.sin(i));
    points[0] = 1e6;
    const { x, outside } = equalScales(points, box);
    expect(x.domain()[1]).toBeLessThan(2);
    expect(outside).toBe(1);
  });
});

describe('curves', () => {
  const panel = (values: readonly number[], logarithmic = true): CurvePanel => ({
    title: 'Loss',
    curves: [{ name: 'training', color: '#fff', dashed: true, values }, { name: 'test', color: '#fff', dashed: false, values }],
    logarithmic,
    inverted: false,
    tick: String,
    last: String,
  });

  test.each([
    ['one epoch', [0.5]],
    ['many epochs', Array.from({ length: 40 }, (_, i) => 1 / (i + 1))],
    ['a constant', [0.25, 0.25]],
    ['a value of nought on a logarithmic axis', [0.5, 0]],
    ['a value that is no number', [0.5, NaN, 0.25]],
    ['no epoch', []],
  ])('%s gives a picture without broken coordinates', (_, values) => {
    for (const logarithmic of [true, false]) {
      const svg = curvesPlot([panel(values, logarithmic)], words);
      expect(svg.match(/[="M,L\s](NaN|-?Infinity)/)).toBeNull();
    }
  });
});

test('curves over another unit say so, and many points are a line without marks', () => {
  const panel = { title: 'Loss', curves: [{ name: 'one', color: theme.ink, dashed: false, values: Array.from({ length: 200 }, (_, i) => 1 / (i + 1)) }], logarithmic: true, inverted: false, unit: 'iteration', tick: String, last: String };
  const svg = curvesPlot([panel], { title: 'A run', subtitle: '' });
  expect(svg).toContain('>iteration<');
  expect(svg).not.toContain('<circle');
});

describe('PNG', () => {
  test('has the width asked for and the proportions of the drawing', () => {
    expect(pngSize(renderPng(scatterPlot(clusters(10), words), { width: 548 }))).toEqual({ width: 548, height: 618 });
  });

  test('words are drawn with the bundled font: without them the picture is another', () => {
    const drawing = (...children: string[]) => element('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 100 40', fontFamily: 'Inter' }, ...children);
    const empty = renderPng(drawing(), { width: 100 });
    for (const fontWeight of [400, 600, 700]) {
      expect(renderPng(drawing(text('λ · 98 %', { x: 5, y: 30, fontWeight })), { width: 100 }).length).toBeGreaterThan(empty.length + 100);
    }
  });
});

test('words are escaped', () => {
  expect(text('a < b & "c"', { x: 1 })).toBe('<text x="1">a &lt; b &amp; &quot;c&quot;</text>');
});

/** Euclidean distance in OKLab (Ottosson 2020), where equal distances look about equally different; black to white is 1. */
function distance(a: string, b: string): number {
  const [from, to] = [oklab(a), oklab(b)];
  return Math.hypot(...from.map((value, i) => value - to[i]!));
}

function oklab(color: string): number[] {
  const linear = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
  const product = (matrix: readonly number[][], vector: readonly number[]) => matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));
  const cones = product([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], linear);
  return product([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones.map(Math.cbrt));
}

describe('contact sheet', () => {
  const picture = renderPng('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><rect width="4" height="2" fill="#f00"/></svg>', { width: 40 });

  test('lays pictures out row by row under their titles', () => {
    const svg = contactSheet([1, 2, 3].map((i) => ({ title: `after <${i}>`, png: picture })), { title: 'On the way', columns: 2, frameWidth: 100 });
    expect(svg).toContain('after &lt;3&gt;');
    const places = [...svg.matchAll(/<image x="(\d+)" y="(\d+)" width="100" height="50"/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(places).toHaveLength(3);
    expect(places[1]).toEqual([places[0]![0]! + 118, places[0]![1]]);
    expect(places[2]![0]).toBe(places[0]![0]);
    expect(places[2]![1]).toBeGreaterThan(places[0]![1]! + 50);
    expect(pngSize(renderPng(svg, { width: 200 })).width).toBe(200);
  });
});
