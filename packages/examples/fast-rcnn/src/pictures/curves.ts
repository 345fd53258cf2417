import { type Curve, type CurvePanel, curvesPlot, type OutputFolder, theme } from '@lossworks/example-kit';
import type { EpochRecord } from '../history.js';
import { type BoxLoss, boxLossTitles } from '../network.js';
import { draw } from './draw.js';

const colors: { readonly [L in BoxLoss]: string } = { 'smooth-l1': theme.centerLoss, l1: theme.softmaxOnly, l2: '#ff6fd0' };

/** Losses and precision of each training over its epochs: `curves.png` and `.svg`. */
export function drawCurves(folder: OutputFolder, trainings: readonly (readonly [BoxLoss, readonly EpochRecord[]])[]): void {
  const curves = (value: (epoch: EpochRecord) => number, dashed: boolean): Curve[] =>
    trainings.map(([loss, epochs]) => ({ name: `${boxLossTitles[loss]}, ${dashed ? 'training' : 'validation'}`, color: colors[loss], dashed, values: epochs.map(value) }));
  const loss = { logarithmic: true, inverted: false, tick: (value: number) => String(Number(value.toPrecision(1))), last: (value: number) => value.toFixed(3) };
  const share = { logarithmic: false, inverted: false, tick: (value: number) => String(Number(value.toFixed(2))), last: (value: number) => value.toFixed(3) };
  const panels: CurvePanel[] = [
    { title: 'RCNNLogLoss', curves: curves(({ logLoss }) => logLoss, true), ...loss },
    { title: 'RCNNL1Loss', curves: curves(({ boxLoss }) => boxLoss, true), ...loss },
    { title: 'mAP@0.5 and, below it, mAP@0.75', curves: [...curves(({ mAP50 }) => mAP50, false), ...curves(({ mAP75 }) => mAP75, false)], ...share },
  ];
  draw(folder, 'curves', curvesPlot(panels, { title: 'Classes and boxes, trained together', subtitle: 'Training values are means over the epoch; validation scenes are made of digits of their own' }), 1500);
}
