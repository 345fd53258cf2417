import { choice, defineOperator, float, int } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';
import { marginScores, margins, type MarginName } from './margin-softmax.js';

/**
 * Scores (batch, classes) of a margin softmax, for `softmaxOutput` or any cross entropy behind it. Inputs data (batch, dimensions), label (batch), weight
 * (num_class, dimensions).
 */
export const marginLogitsOperator = defineOperator({
  name: 'MarginLogits',
  parameters: {
    kind: choice('Which margin.', Object.keys(margins) as MarginName[]),
    num_class: int('Number of classes.', { minimum: 1 }),
    margin: float('m; the kind’s own unless given.', { fallback: NaN }),
    scale: float('s, for kinds that have one.', { fallback: 30 }),
  },
  inputs: () => ['data', 'label', 'weight'],
  inputChecks: (_, shapes) => [...numbersIn(shapes), { input: 1, holds: 'classes', classes: shapes[2]![0]! }],
  completeShapes: ({ inputs: [data, label, weight], auxiliaryStates, outputs }, { num_class }) => {
    const batch = data?.[0] || label?.[0] || 0;
    const dimensions = data?.[1] || weight?.[1] || 0;
    return { inputs: [data ?? [batch, dimensions], label ?? [batch], weight ?? [num_class, dimensions]], auxiliaryStates, outputs };
  },
  record: ({ inputs: [data, label, weight], parameters: { kind, margin, scale } }) => {
    const entry = margins[kind];
    const fallback = 'margin' in entry.parameters ? entry.parameters.margin.fallback : 0;
    const m = Number.isNaN(margin) ? fallback : typeof fallback === 'string' ? String(margin) : margin;
    return [marginScores(entry as never, { data: data!, label: label!, weight: weight! }, { margin: m, scale } as never)];
  },
});
