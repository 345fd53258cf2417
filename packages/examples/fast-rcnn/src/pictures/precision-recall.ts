import { digitColors, element, format, type OutputFolder, svgDocument, text, theme } from '@lossworks/example-kit';
import { precisionRecall, type PrecisionRecall } from '../detection/mean-average-precision.js';
import type { Found } from '../evaluation.js';
import type { ProposedScene } from '../scenes/scene-set.js';
import { draw } from './draw.js';

const side = 520;
const inset = 48;
const gap = 72;
const header = 150;
const left = 64;
const bottom = 122;

/** Precision over recall of every digit at overlaps of 0.5 and 0.75, with and without box regression: `precision-recall.png` and `.svg`. */
export function drawPrecisionRecall(folder: OutputFolder, scenes: readonly ProposedScene[], { found, raw }: { readonly found: Found; readonly raw: Found }): void {
  const panels: (readonly [string, PrecisionRecall])[] = [
    ['At IoU 0.5', precisionRecall(scenes, found, 0.5)],
    ['At IoU 0.75', precisionRecall(scenes, found, 0.75)],
    ['At IoU 0.75, without box regression', precisionRecall(scenes, raw, 0.75)],
  ];
  draw(folder, 'precision-recall', precisionRecallPicture(panels, scenes.length), 1500);
}

export function precisionRecallPicture(panels: readonly (readonly [title: string, curves: PrecisionRecall])[], scenes: number): string {
  const width = 2 * inset + panels.length * side + (panels.length - 1) * gap;
  return svgDocument({ width, height: header + side + inset, title: 'Precision and recall', background: theme.background }, [
    text('How many of the digits, how many of the boxes', { x: inset, y: 58, fontSize: 34, fontWeight: 700, fill: theme.ink, letterSpacing: -0.5 }),
    text(`Precision over recall in ${scenes} test scenes, from the surest box to the least sure; a colour a digit, its average precision beside it`, { x: inset, y: 92, fontSize: 20, fill: theme.muted }),
    ...panels.flatMap(([title, curves], i) => panel(title, curves, inset + i * (side + gap), header)),
  ]);
}

function panel(title: string, { classes, averagePrecision, recall, precision }: PrecisionRecall, x: number, y: number): string[] {
  const at = (recallValue: number, precisionValue: number) => `${format(x + left + recallValue * (side - left - 20))} ${format(y + 20 + (1 - precisionValue) * (side - 20 - bottom))}`;
  const shares = [0, 0.25, 0.5, 0.75, 1];
  return [
    text(title, { x, y: y - 14, fontSize: 22, fontWeight: 600, fill: theme.ink }),
    element('rect', { x, y, width: side, height: side, rx: 12, fill: theme.panel, stroke: theme.grid, strokeWidth: 1.5 }),
    element('path', { d: shares.flatMap((share) => [`M${at(0, share)}L${at(1, share)}`, `M${at(share, 0)}L${at(share, 1)}`]).join(''), stroke: theme.grid, strokeWidth: 1.5 }),
    ...shares.flatMap((share) => [
      text(String(share), { x: Number(at(share, 0).split(' ')[0]), y: y + side - bottom + 24, fontSize: 16, fill: theme.muted, textAnchor: 'middle' }),
      text(String(share), { x: x + left - 12, y: Number(at(0, share).split(' ')[1]) + 5.5, fontSize: 16, fill: theme.muted, textAnchor: 'end' }),
    ]),
    text('recall', { x: x + side - 20, y: y + side - bottom + 44, fontSize: 16, fill: theme.faint, textAnchor: 'end' }),
    text('precision', { x: x + 14, y: y + 15, fontSize: 16, fill: theme.faint }),
    ...classes.map((classId, i) => {
      // Steps: precision holds until the next true box is found.
      const points = recall[i]!.map((value, k) => at(value, precision[i]![k]!));
      const start = at(0, precision[i]![0] ?? 0);
      const end = recall[i]!.length > 0 ? `L${at(recall[i]!.at(-1)!, 0)}` : '';
      return element('path', { d: `M${start}${points.map((point) => `L${point}`).join('')}${end}`, fill: 'none', stroke: digitColors[classId - 1]!, strokeWidth: 2.4, strokeLinejoin: 'round' });
    }),
    ...classes.flatMap((classId, i) => {
      const [textX, textY] = [x + 28 + (i % 5) * 98, y + side - 44 + Math.floor(i / 5) * 28];
      return [
        element('circle', { cx: textX, cy: textY - 6, r: 6, fill: digitColors[classId - 1]! }),
        text(`${classId - 1}  ${averagePrecision[i]!.toFixed(3)}`, { x: textX + 14, y: textY, fontSize: 17, fontWeight: 600, fill: theme.ink }),
      ];
    }),
  ];
}
