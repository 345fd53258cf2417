import { contactSheet, curvesPlot, type OutputFolder, renderPng, theme } from '@lossworks/example-kit';

interface Sheet {
  readonly content: Buffer;
  readonly style: Buffer;
  readonly saved: readonly { readonly step: number; readonly png: Buffer }[];
  readonly last: Buffer;
  readonly steps: number;
}

/** Content, style and the image on its way, beside each other: `contact-sheet.png`. */
export function drawContactSheet(folder: OutputFolder, { content, style, saved, last, steps }: Sheet): void {
  const frames = [
    { title: 'content', png: content },
    { title: 'style', png: style },
    ...saved.map(({ step, png }) => ({ title: `after ${step} iterations`, png })),
    { title: `after ${steps} iterations`, png: last },
  ];
  folder.write('contact-sheet.png', renderPng(contactSheet(frames, { title: 'Neural style', columns: 3, frameWidth: 320 }), { width: 1040 }));
}

const colors = [theme.centerLoss, theme.softmaxOnly, '#7b5ea7', '#c98a1b', '#4c8c4a', '#8a4b3c', '#5f6b7a', '#b0477b'];

/** The weighted loss of each layer over the iterations: `curves.png` and `.svg`. */
export function drawCurves(folder: OutputFolder, names: readonly string[], history: readonly (readonly number[])[]): void {
  const curves = names.map((name, i) => ({ name, color: colors[i % colors.length]!, dashed: false, values: history.map((losses) => losses[i]!) }));
  const digits = (value: number) => value.toExponential(0).replace('e+', 'e');
  const panel = { title: 'Weighted loss by layer', curves, logarithmic: true, inverted: false, unit: 'iteration', tick: digits, last: (value: number) => value.toExponential(1).replace('e+', 'e') };
  const svg = curvesPlot([panel], { title: 'Neural style', subtitle: `${history.length} iterations` });
  folder.write('curves.svg', svg);
  folder.write('curves.png', renderPng(svg, { width: 900 }));
}
