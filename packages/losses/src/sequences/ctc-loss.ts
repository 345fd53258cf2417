import { formatShape, transpose, type NDArray } from '@lossworks/ndarray';
import { bool, choice } from '@lossworks/graph';
import { defineLoss } from '../functions/define-loss.js';
import { ctcChecks, ctcLosses } from './ctc.js';

/**
 * Negative log likelihood of label sequences, summed over all alignments: a loss a sequence, of data, scores, `[steps, batch, classes]` (`layout: 'NTC'`:
 * `[batch, steps, classes]`) and class indices `[batch, labels]` (`labelLayout: 'TN'`: turned round), padded behind. Optional `dataLengths` and
 * `labelLengths`, each `[batch]`; labels else end before the first padding. The blank, and the padding, is class 0; with `blankLabel: 'last'` the blank is
 * the last class, the padding −1. A sequence too short for its labels has the loss ∞, or 0 with `zeroInfinity`, and no gradient (Graves et al. 2006; MXNet
 * `CTCLoss`, gluon `CTCLoss`). Reduction, weights, errors: see `LossFunction`.
 */
export const ctcLoss = defineLoss({
  name: 'ConnectionistTemporalClassificationLoss',
  formula: '−log Σ_{alignments a of y} Π_t softmax(x_t)_{a_t}',
  source: 'Graves et al. 2006; MXNet CTCLoss, gluon CTCLoss',
  gradient: 'derivative; none where the sequence is too short for its labels',
  peers: ['torch', 'keras', 'optax', 'gluon'],
  inputs: ['data', 'label'],
  optionalInputs: ['data_lengths', 'label_lengths'],
  samples: 'apart',
  parameters: {
    layout: choice('Axes of data: T steps, N batch, C classes.', ['TNC', 'NTC'], { fallback: 'TNC' }),
    label_layout: choice('Axes of label.', ['NT', 'TN'], { fallback: 'NT' }),
    blank_label: choice('The blank class: 0 (padding 0) or the last (padding −1).', ['first', 'last'], { fallback: 'first' }),
    zero_infinity: bool('Whether a sequence too short for its labels has the loss 0; else it is infinite.', { fallback: false }),
  },
  inputShapes: (data, { layout }) => {
    const batch = data[layout === 'TNC' ? 1 : 0]!;
    return { data_lengths: [batch], label_lengths: [batch], sample_weight: [batch] };
  },
  inputChecks: ({ layout, label_layout, blank_label, ...values }, [data, label]) => {
    if (data!.length !== 3 || label!.length !== 2) return [];
    const { use_data_lengths, use_label_lengths } = values as { readonly [presence: string]: unknown };
    return ctcChecks({
      blank: blank_label, steps: data![layout === 'TNC' ? 0 : 1]!, classes: data![2]!, label: label!, axis: label_layout === 'NT' ? 1 : 0,
      dataLengths: use_data_lengths ? 2 : undefined, labelLengths: use_label_lengths ? 2 + Number(use_data_lengths) : undefined,
    });
  },
  record: ({ data, label, data_lengths, label_lengths }, { layout, label_layout, blank_label, zero_infinity }) => {
    if (data.shape.length !== 3) throw new RangeError(`data has shape ${formatShape(data.shape)}; it needs three axes, ${layout}`);
    const swapped = (x: NDArray, permutation: readonly number[], when: boolean): NDArray => (when ? transpose(x, permutation) : x);
    const losses = ctcLosses(
      { data: swapped(data, [1, 0, 2], layout === 'NTC'), label: swapped(label, [1, 0], label_layout === 'TN'), dataLengths: data_lengths, labelLengths: label_lengths },
      { blank: blank_label, impossible: zero_infinity ? 0 : Infinity },
    );
    return { losses };
  },
});
