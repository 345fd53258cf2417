import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { Box } from './equal-scales.js';
import { element, format, svgDocument, text } from './svg.js';
import { theme } from './theme.js';

/** One value an epoch (or another unit of the axis), the first one first. */
export interface Curve {
  /** Words in the legend; curves of one name share an entry. */
  readonly name: string;
  /** CSS colour of line and words. */
  readonly color: string;
  /** Dashed lines are the training set's. */
  readonly dashed: boolean;
  /** The values; what is not finite, or not above 0 on a logarithmic axis, leaves a gap. */
  readonly values: readonly number[];
}

/** One panel: curves over the same epochs, with the look of their axis. */
export interface CurvePanel {
  /** Words above the panel. */
  readonly title: string;
  /** The curves; the axis spans the values of all of them. */
  readonly curves: readonly Curve[];
  /** A logarithmic axis shows what happens near nought; it needs values above nought. */
  readonly logarithmic: boolean;
  /** Small values on top: an accuracy is best drawn as the logarithm of its error rate, upside down. */
  readonly inverted: boolean;
  /** What the values are counted by; `epoch` unless told. */
  readonly unit?: string;
  /** How a value is written on the axis. */
  readonly tick: (value: number) => string;
  /** How a value is written at the end of a line. */
  readonly last: (value: number) => string;
}

const panelWidth = 560;
const panelHeight = 420;
const inset = 48;
const gap = 64;
const header = 150;
const footer = 100;
// For the numbers of the axis, and for the value at the end of a line.
const left = 66;
const right = 96;
/** More points than this are a line without marks. */
const mostMarks = 40;

/** Panels beside each other over the same epochs, with one legend for all of them, as an SVG document. */
export function curvesPlot(panels: readonly CurvePanel[], { title, subtitle }: { readonly title: string; readonly subtitle: string }): string {
  const width = 2 * inset + panels.length * panelWidth + (panels.length - 1) * gap;
  const names = [...new Map(panels.flatMap(({ curves }) => curves).map((curve) => [curve.name, curve])).values()];
  const legendRows = Math.ceil(names.length / legendColumns(width));
  return svgDocument({ width, height: header + panelHeight + footer + (legendRows - 1) * legendLine, title, background: theme.background }, [
    text(title, { x: inset, y: 58, fontSize: 34, fontWeight: 700, fill: theme.ink, letterSpacing: -0.5 }),
    text(subtitle, { x: inset, y: 90, fontSize: 20, fill: theme.muted }),
    ...panels.flatMap((panel, i) => drawPanel(panel, { x: inset + i * (panelWidth + gap), y: header, width: panelWidth, height: panelHeight })),
    ...legend(names, width, header + panelHeight + 70),
  ]);
}

function drawPanel({ title, curves, logarithmic, inverted, unit = 'epoch', tick, last }: CurvePanel, box: Box): string[] {
  const plottable = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value) && (!logarithmic || value > 0);
  const values = curves.flatMap((curve) => curve.values).filter(plottable);
  const [low, high] = padded(Math.min(...values), Math.max(...values), logarithmic);
  const epochs = Math.max(1, ...curves.map((curve) => curve.values.length));
  const [top, bottom] = [box.y + 24, box.y + box.height - 44];
  const y = (logarithmic ? scaleLog() : scaleLinear()).domain([low, high]).range(inverted ? [top, bottom] : [bottom, top]);
  const x = scaleLinear([1, Math.max(2, epochs)], [box.x + left, box.x + box.width - right]);
  const ticks = logarithmic ? logTicks(low, high) : y.ticks(5);
  const epochTicks = x.ticks(Math.min(8, epochs)).filter((epoch) => Number.isInteger(epoch) && epoch <= epochs);
  const ends = spreadOut(curves.map((curve) => y(curve.values.findLast(plottable) ?? low)), 21, top, bottom);
  const path = line<number>()
    .defined(plottable)
    .x((_, i) => x(i + 1))
    .y((value) => y(value))
    .digits(1);
  return [
    text(title, { x: box.x, y: box.y - 14, fontSize: 22, fontWeight: 600, fill: theme.ink }),
    element('rect', { ...box, rx: 12, fill: theme.panel, stroke: theme.grid, strokeWidth: 1.5 }),
    ...ticks.flatMap((value) => [
      element('path', { d: `M${format(x.range()[0]!)} ${format(y(value))}H${format(x.range()[1]!)}`, stroke: theme.grid, strokeWidth: 1.5 }),
      text(tick(value), { x: box.x + left - 12, y: y(value) + 5.5, fontSize: 16, fill: theme.muted, textAnchor: 'end' }),
    ]),
    ...epochTicks.map((epoch) => text(String(epoch), { x: x(epoch), y: box.y + box.height - 14, fontSize: 16, fill: theme.muted, textAnchor: 'middle' })),
    text(unit, { x: box.x + box.width - 16, y: box.y + box.height - 14, fontSize: 16, fill: theme.faint, textAnchor: 'end' }),
    ...curves.flatMap(({ values: points, color, dashed }, i) => [
      element('path', { d: path(points) ?? '', fill: 'none', stroke: color, strokeWidth: dashed ? 2.2 : 3.2, strokeDasharray: dashed ? '3 7' : undefined, strokeLinecap: 'round', strokeLinejoin: 'round' }),
      ...(dashed || points.length > mostMarks ? [] : points.map((value, epoch) => (plottable(value) ? element('circle', { cx: x(epoch + 1), cy: y(value), r: 4.6, fill: theme.panel, stroke: color, strokeWidth: 2.6 }) : ''))),
      text(last(points.at(-1) ?? NaN), { x: x(Math.max(1, points.length)) + 14, y: ends[i]! + 6, fontSize: 17, fontWeight: dashed ? 400 : 600, fill: color }),
    ]),
  ];
}

function padded(low: number, high: number, logarithmic: boolean): [number, number] {
  if (!(low <= high)) return [0.1, 1];
  if (logarithmic) return [low / 1.25, high * 1.25];
  const margin = 0.06 * (high - low || Math.abs(high) || 1);
  return [low - margin, high + margin];
}

/** 1, 2 and 5 of every power of ten between two values. */
function logTicks(low: number, high: number): number[] {
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 }, (_, i) => 10 ** (Math.floor(Math.log10(low)) + i));
  return powers.flatMap((power) => [power, 2 * power, 5 * power]).filter((value) => value >= low && value <= high);
}

/** Places, in their order, moved apart so that labels there do not cover each other. */
function spreadOut(places: readonly number[], distance: number, top: number, bottom: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  let previous = top - distance;
  for (const i of order) previous = moved[i] = Math.max(moved[i]!, previous + distance);
  let next = bottom + distance;
  for (const i of [...order].reverse()) next = moved[i] = Math.min(moved[i]!, next - distance);
  return moved;
}

const legendStep = 310;
const legendLine = 34;

function legendColumns(width: number): number {
  return Math.max(1, Math.floor(width / legendStep));
}

/** In the middle, in as many rows as it takes. */
function legend(curves: readonly Curve[], width: number, y: number): string[] {
  const columns = legendColumns(width);
  return curves.flatMap(({ name, color, dashed }, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, curves.length - row * columns);
    const x = width / 2 - (legendStep * inRow) / 2 + 20 + (i % columns) * legendStep;
    const line = y + row * legendLine;
    return [
      element('path', { d: `M${x} ${line - 7}h38`, stroke: color, strokeWidth: dashed ? 2.2 : 3.2, strokeDasharray: dashed ? '3 7' : undefined, strokeLinecap: 'round' }),
      text(name, { x: x + 50, y: line, fontSize: 19, fill: theme.ink }),
    ];
  });
}
