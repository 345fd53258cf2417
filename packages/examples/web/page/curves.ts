import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';

/** A line of a chart, as long as the training. */
export interface Series {
  readonly name: string;
  readonly style: 'first' | 'second';
  readonly points: [step: number, value: number][];
}

export interface ChartOptions {
  readonly logarithmic: boolean;
  readonly format: (value: number) => string;
}

/** Room for the numbers of the axis, and for the names of the lines. */
const [before, behind] = [34, 44];

/** More points than this cannot be told apart. */
const mostPoints = 400;

/** Draws lines over the steps of a training, each with its last value behind it. */
export function drawChart(svg: SVGSVGElement, series: readonly Series[], { logarithmic, format }: ChartOptions): void {
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  if (width === 0) return;
  const values = series.flatMap(({ points }) => points.map(([, value]) => value)).filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  const last = Math.max(10, ...series.map(({ points }) => points.at(-1)?.[0] ?? 0));
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0.1, 1];
  const x = scaleLinear([0, last], [before, width - behind]);
  const y = logarithmic ? scaleLog([low / 1.2, high * 1.2], [height - 22, 8]) : scaleLinear([0, 1], [height - 22, 8]);
  const ticks = logarithmic ? y.ticks(4).filter((tick) => /^[125]/.test(tick.toExponential())) : [0, 0.5, 1];
  const path = line<[number, number]>().defined(([, value]) => Number.isFinite(value) && (!logarithmic || value > 0)).x(([step]) => x(step)).y(([, value]) => y(value)).digits(1);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.innerHTML = [
    ...ticks.map((tick) => `<path class="grid" d="M${before} ${y(tick)}H${width - behind}"/><text x="${before - 6}" y="${y(tick) + 3.5}" text-anchor="end">${format(tick)}</text>`),
    `<text x="${width - behind}" y="${height - 4}" text-anchor="end">step ${last}</text>`,
    ...series.map(({ style, points }) => `<path class="series ${style}" d="${path(thinned(points)) ?? ''}"/>`),
    ...labels(series, y).map(({ style, text, at }) => `<text class="${style}" x="${width - behind + 4}" y="${at + 3.5}">${text}</text>`),
  ].join('');
  svg.setAttribute('aria-label', series.map(({ name, points }) => `${name} ${format(points.at(-1)?.[1] ?? NaN)}`).join(', '));
}

/** Names at the ends of the lines, far enough from each other to be read. */
function labels(series: readonly Series[], y: (value: number) => number): { readonly style: string; readonly text: string; readonly at: number }[] {
  const ends = series.flatMap(({ name, style, points }) => (points.length > 0 ? [{ style, text: name, at: y(points.at(-1)![1]) }] : [])).sort((a, b) => a.at - b.at);
  return ends.map((end, i) => ({ ...end, at: i > 0 ? Math.max(end.at, ends[i - 1]!.at + 12) : end.at }));
}

function thinned(points: [number, number][]): [number, number][] {
  const stride = Math.ceil(points.length / mostPoints);
  return points.filter((_, i) => i % stride === 0 || i === points.length - 1);
}
