import { digitColors, element, format, type OutputFolder, svgDocument, text, theme } from '@lossworks/example-kit';
import { encode } from 'fast-png';
import { type Box, heightOf, widthOf } from '../detection/box.js';
import type { Detection } from '../detection/detections.js';
import { overlap } from '../detection/overlap.js';
import type { Found } from '../evaluation.js';
import type { ProposedScene } from '../scenes/scene-set.js';
import { draw } from './draw.js';

/** Boxes below this probability are left out of the picture, not of the test. */
const leastScore = 0.5;

const columns = 4;
const count = 8;
const zoom = 4;
const gap = 28;
const header = 130;
const footer = 64;

/** The first test scenes with the true boxes and the found ones: `detections.png` and `.svg`. */
export function drawScenes(folder: OutputFolder, scenes: readonly ProposedScene[], found: Found): void {
  draw(folder, 'detections', scenesPicture(scenes.slice(0, count), found), 1120);
}

export function scenesPicture(scenes: readonly ProposedScene[], found: Found): string {
  const side = scenes[0]!.size * zoom;
  const rows = Math.ceil(scenes.length / columns);
  const width = columns * side + (columns + 1) * gap;
  const height = header + rows * side + (rows - 1) * gap + footer;
  return svgDocument({ width, height, title: 'Digits found in test scenes', background: theme.background }, [
    text('What is where', { x: gap, y: 58, fontSize: 36, fontWeight: 700, fill: theme.ink, letterSpacing: -0.5 }),
    text(`The first ${scenes.length} test scenes. Found boxes are coloured by digit, with the probability; true boxes are dashed.`, { x: gap, y: 94, fontSize: 21, fill: theme.muted }),
    ...scenes.map((scene, i) => {
      const place = `translate(${gap + (i % columns) * (side + gap)} ${header + Math.floor(i / columns) * (side + gap)})`;
      return element('g', { transform: place }, ...sceneParts(scene, found[i]!, side));
    }),
    ...legend(width / 2, height - 22),
  ]);
}

function sceneParts({ pixels, size, truths }: ProposedScene, found: readonly Detection[], side: number): string[] {
  const png = encode({ width: size, height: size, data: pixels, channels: 1, depth: 8 });
  const sure = found.filter(({ score }) => score >= leastScore);
  const outline = (box: Box, attributes: Record<string, string | number>) =>
    element('rect', { x: box[0] * zoom, y: box[1] * zoom, width: widthOf(box) * zoom, height: heightOf(box) * zoom, fill: 'none', ...attributes });
  return [
    element('image', { width: side, height: side, 'image-rendering': 'optimizeQuality', href: `data:image/png;base64,${Buffer.from(png).toString('base64')}` }),
    element('rect', { width: side, height: side, fill: 'none', stroke: theme.axis, strokeWidth: 1.5 }),
    ...sure.map(({ box, classId }) => outline(box, { stroke: digitColors[classId - 1]!, strokeWidth: 4, strokeLinejoin: 'round' })),
    ...truths.map((box) => outline(box, { stroke: theme.ink, strokeWidth: 2, strokeDasharray: '7 6' })),
    ...sure.flatMap((detection) => tag(detection, sure, side)),
  ];
}

/** The digit and its probability, above the box, or below where there is no room. */
function tag({ box, score, classId }: Detection, all: readonly Detection[], side: number): string[] {
  const words = `${classId - 1}  ${score.toFixed(2)}`;
  const [width, height] = [74, 26];
  const left = Math.min(Math.max(box[0] * zoom - 2, 0), side - width);
  const places = [box[1] * zoom - height - 1, (box[3] + 1) * zoom + 1, box[1] * zoom + 2];
  const hidden = (top: number) => all.filter((other) => other.box !== box && overlap([left, top, left + width, top + height], scaledBox(other.box)) > 0).length;
  const possible = places.filter((top) => top >= 0 && top + height <= side);
  const top = possible.toSorted((a, b) => hidden(a) - hidden(b))[0] ?? 0;
  const color = digitColors[classId - 1]!;
  return [
    element('rect', { x: left, y: top, width, height, rx: 4, fill: color }),
    text(words, { x: format(left + width / 2), y: format(top + 19), fontSize: 18, fontWeight: 700, fill: theme.background, textAnchor: 'middle' }),
  ];
}

function scaledBox(box: Box): Box {
  return [box[0] * zoom, box[1] * zoom, (box[2] + 1) * zoom, (box[3] + 1) * zoom];
}

function legend(middle: number, y: number): string[] {
  const step = 84;
  const start = middle - (step * (digitColors.length - 1)) / 2 - 12;
  return digitColors.flatMap((color, digit) => [
    element('rect', { x: start + digit * step - 10, y: y - 18, width: 20, height: 20, rx: 3, fill: 'none', stroke: color, strokeWidth: 4 }),
    text(String(digit), { x: start + digit * step + 20, y, fontSize: 24, fontWeight: 600, fill: theme.ink }),
  ]);
}
