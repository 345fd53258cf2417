import { comparisonPlot, type Curve, type CurvePanel, curvesPlot, type Embedding, type OutputFolder, renderPng, scatterPlot, theme } from '@lossworks/example-kit';
import { type EpochRecord, type EpochsOfRun, type RunName, runNames, runTitles } from './history.js';

const colors: { readonly [R in RunName]: string } = { 'softmax-only': theme.softmaxOnly, 'center-loss': theme.centerLoss };

export type EmbeddingOfRun = { readonly [R in RunName]: Embedding };

/** The embedding of the test digits after an epoch: `embedding-center-loss-epoch-03.png` and `.svg`. */
export function drawEpoch(folder: OutputFolder, name: RunName, epoch: number, { test }: EpochRecord, embedding: Embedding, lambda: number): void {
  const words = { title: capitalized(runTitles[name]), subtitle: `epoch ${epoch}  ·  test accuracy ${percent(test.accuracy)}  ·  λ = ${lambda}` };
  draw(folder, `embedding-${name}-epoch-${String(epoch).padStart(2, '0')}`, scatterPlot(embedding, words), 1096);
}

/** Both embeddings after their last epoch beside each other: `comparison.png` and `.svg`. */
export function drawComparison(folder: OutputFolder, epochs: EpochsOfRun, embeddings: EmbeddingOfRun, lambda: number): void {
  const panels = runNames.map((name) => {
    const { test, spread } = epochs[name].at(-1)!;
    const title = capitalized(runTitles[name]) + (name === 'center-loss' ? `, λ = ${lambda}` : '');
    return [embeddings[name], { title, subtitle: `test accuracy ${percent(test.accuracy)}  ·  spread within / between classes ${spread.toFixed(3)}` }] as const;
  });
  const digits = embeddings['center-loss'].labels.length.toLocaleString('en');
  const count = epochs['center-loss'].length;
  const subtitle = `The ${digits} test digits of MNIST in the two dimensions of the embedding, after ${count} epoch${count === 1 ? '' : 's'}. Stars are the centers of the classes.`;
  draw(folder, 'comparison', comparisonPlot(panels, { title: 'One network, two losses', subtitle }), 1280);
}

/** Losses and accuracies of both trainings over their epochs: `curves.png` and `.svg`. */
export function drawCurves(folder: OutputFolder, epochs: EpochsOfRun): void {
  const curves = (value: (epoch: EpochRecord, part: 'train' | 'test') => number | undefined): Curve[] =>
    runNames.flatMap((name) =>
      (['train', 'test'] as const).flatMap((part) => {
        const values = epochs[name].map((epoch) => value(epoch, part)).filter((each) => each !== undefined);
        const title = `${runTitles[name]}, ${part === 'train' ? 'training' : 'test'}`;
        return values.length > 0 ? [{ name: title, color: colors[name], dashed: part === 'train', values }] : [];
      }),
    );
  const loss = { logarithmic: true, inverted: false, tick: (value: number) => String(Number(value.toPrecision(1))), last: (value: number) => value.toFixed(3) };
  const panels: CurvePanel[] = [
    { title: 'Cross-entropy', curves: curves((epoch, part) => epoch[part].crossEntropy), ...loss },
    {
      title: 'Accuracy',
      // A perfect epoch has no place on a logarithmic axis; a hundredth of a percent does.
      curves: curves((epoch, part) => Math.max(1 - epoch[part].accuracy, 1e-4)),
      logarithmic: true,
      inverted: true,
      tick: (error) => `${Number((100 * (1 - error)).toPrecision(4))} %`,
      last: (error) => percent(1 - error),
    },
    { title: 'Center loss', curves: curves((epoch, part) => epoch[part].centerLoss), ...loss },
  ];
  draw(folder, 'curves', curvesPlot(panels, { title: 'Two trainings', subtitle: 'The same network, seed and order of digits; training values are means over the epoch' }), 1500);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

function draw(folder: OutputFolder, name: string, svg: string, width: number): void {
  folder.write(`${name}.svg`, svg);
  folder.write(`${name}.png`, renderPng(svg, { width }));
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
