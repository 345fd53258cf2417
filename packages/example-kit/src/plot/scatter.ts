import { symbol, symbolStar } from 'd3-shape';
import { type Box, equalScales, type EqualScales, inside } from './equal-scales.js';
import { element, format, svgDocument, text } from './svg.js';
import { digitColors, theme } from './theme.js';

/** What a network makes of a set of digits: a point each. */
export interface Embedding {
  /** x and y of every digit, one after the other. */
  readonly points: Float32Array;
  /** The digit behind each point, 0 to 9. */
  readonly labels: ArrayLike<number>;
  /** x and y per class, NaN for a class without digits. */
  readonly centers: Float32Array;
}

/** What stands around a scatter plot. */
export interface ScatterText {
  /** The larger line. */
  readonly title: string;
  /** The line below it. */
  readonly subtitle: string;
}

const side = 1000;
const inset = 48;
const header = 132;
const footer = 104;

/** The picture that made center loss famous (Wen et al. 2016), as an SVG document: every digit a point of its colour, the centers marked. */
export function scatterPlot(embedding: Embedding, { title, subtitle }: ScatterText): string {
  const width = side + 2 * inset;
  const box = { x: inset, y: header, width: side, height: side };
  return svgDocument({ width, height: header + side + footer, title: `${title}: ${subtitle}`, background: theme.background }, [
    ...heading(title, subtitle, inset, 62),
    ...panel(embedding, box),
    ...digitLegend(width / 2, header + side + 62),
  ]);
}

/** Embeddings beside each other, each with its own scale, as an SVG document. */
export function comparisonPlot(embeddings: readonly (readonly [Embedding, ScatterText])[], title: ScatterText): string {
  const gap = 44;
  const top = 250;
  const width = 2 * inset + embeddings.length * side + (embeddings.length - 1) * gap;
  return svgDocument({ width, height: top + side + footer, title: title.title, background: theme.background }, [
    ...heading(title.title, title.subtitle, inset, 68, 1.25),
    ...embeddings.flatMap(([embedding, words], i) => {
      const x = inset + i * (side + gap);
      return [...heading(words.title, words.subtitle, x, 192, 0.86), ...panel(embedding, { x, y: top, width: side, height: side })];
    }),
    ...digitLegend(width / 2, top + side + 62),
  ]);
}

function heading(title: string, subtitle: string, x: number, y: number, size = 1): string[] {
  return [
    text(title, { x, y, fontSize: 38 * size, fontWeight: 700, fill: theme.ink, letterSpacing: -0.6 }),
    text(subtitle, { x, y: y + 38 * size, fontSize: 23 * size, fill: theme.muted }),
  ];
}

function panel(embedding: Embedding, box: Box): string[] {
  const scales = equalScales(embedding.points, box);
  const clip = `panel-${format(box.x)}`;
  return [
    element('clipPath', { id: clip }, element('rect', { ...box, rx: 14 })),
    element('rect', { ...box, rx: 14, fill: theme.panel }),
    element('g', { 'clip-path': `url(#${clip})` }, ...axes(scales, box), ...cloud(embedding, scales), ...centerMarks(embedding, scales)),
    element('rect', { ...box, rx: 14, fill: 'none', stroke: theme.grid, strokeWidth: 1.5 }),
    ...(scales.outside > 0
      ? [text(`${scales.outside} of ${embedding.labels.length.toLocaleString('en')} outside the frame`, { x: box.x + box.width - 16, y: box.y + 28, fontSize: 16, fill: theme.faint, textAnchor: 'end' })]
      : []),
  ];
}

function axes({ x, y }: EqualScales, { x: left, y: top, width, height }: Box): string[] {
  const ticksX = x.ticks(8);
  const ticksY = y.ticks(8);
  const label = { fontSize: 16, fill: theme.faint };
  // A number too close to a corner would be cut by it.
  const clear = (place: number, start: number, length: number) => place > start + 44 && place < start + length - 44;
  return [
    ...ticksX.map((tick) => element('path', { d: `M${format(x(tick))} ${top}v${height}`, stroke: tick === 0 ? theme.axis : theme.grid, strokeWidth: 1.5 })),
    ...ticksY.map((tick) => element('path', { d: `M${left} ${format(y(tick))}h${width}`, stroke: tick === 0 ? theme.axis : theme.grid, strokeWidth: 1.5 })),
    ...ticksX.filter((tick) => clear(x(tick), left, width)).map((tick) => text(x.tickFormat(8)(tick), { x: x(tick), y: top + height - 14, textAnchor: 'middle', ...label })),
    ...ticksY.filter((tick) => clear(y(tick), top, height)).map((tick) => text(y.tickFormat(8)(tick), { x: left + 14, y: y(tick) + 5.5, ...label })),
  ];
}

/** Dots a path, few enough that where many digits fall, many paths overlap and the colour deepens. */
const dotsPerPath = 24;

/** Dots are strokes of no length with round ends: a fifth of the bytes that circles take. */
function cloud({ points, labels }: Embedding, { x, y }: EqualScales): string[] {
  const paths: string[] = [];
  const open = digitColors.map((): string[] => []);
  const close = (digit: number) => {
    const dots = open[digit]!;
    if (dots.length > 0) paths.push(element('path', { d: dots.join(''), stroke: digitColors[digit] }));
    open[digit] = [];
  };
  for (let i = 0; i < labels.length; i++) {
    const digit = labels[i]!;
    const [px, py] = [points[2 * i]!, points[2 * i + 1]!];
    if (!inside(x, px) || !inside(y, py)) continue;
    open[digit]!.push(`M${format(x(px), 1)} ${format(y(py), 1)}h0`);
    if (open[digit]!.length === dotsPerPath) close(digit);
  }
  open.forEach((_, digit) => close(digit));
  return [element('g', { fill: 'none', strokeWidth: 5.2, strokeLinecap: 'round', strokeOpacity: 0.62 }, ...paths)];
}

const tagDistance = 40;

/** A star a center, and its digit beside it on the side away from the origin, where it covers the fewest points. */
function centerMarks({ centers }: Embedding, { x, y }: EqualScales): string[] {
  const star = symbol(symbolStar, 340)()!;
  return digitColors.map((color, digit) => {
    const [centerX, centerY] = [centers[2 * digit]!, centers[2 * digit + 1]!];
    // A class without digits has no mean.
    if (!Number.isFinite(centerX + centerY)) return '';
    const [px, py] = [x(centerX), y(centerY)];
    const direction = Math.atan2(py - y(0), px - x(0));
    const [tagX, tagY] = [tagDistance * Math.cos(direction), tagDistance * Math.sin(direction)];
    return element(
      'g',
      { transform: `translate(${format(px)} ${format(py)})`, strokeLinejoin: 'round' },
      element('path', { d: star, fill: theme.background, stroke: theme.background, strokeWidth: 10 }),
      element('path', { d: star, fill: color, stroke: '#fff', strokeWidth: 4, paintOrder: 'stroke' }),
      element('circle', { cx: tagX, cy: tagY, r: 17, fill: theme.background, stroke: color, strokeWidth: 2.5 }),
      text(String(digit), { x: tagX, y: tagY + 7.5, fontSize: 21, fontWeight: 700, fill: '#fff', textAnchor: 'middle' }),
    );
  });
}

function digitLegend(middle: number, y: number): string[] {
  const step = 84;
  const start = middle - (step * (digitColors.length - 1)) / 2 - 12;
  return digitColors.flatMap((color, digit) => [
    element('circle', { cx: start + digit * step, cy: y - 9, r: 11, fill: color }),
    text(String(digit), { x: start + digit * step + 20, y, fontSize: 26, fontWeight: 600, fill: theme.ink }),
  ]);
}
