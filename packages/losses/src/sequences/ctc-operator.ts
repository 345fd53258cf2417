import { bool, choice, defineOperator } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';
import { ctcChecks, ctcLosses } from './ctc.js';

/**
 * Negative log likelihood of label sequences, shape (batch); data (steps, batch, classes), label (batch, labels). MXNet `CTCLoss`, which gives 0 to a sequence
 * too short for its labels.
 */
export const ctcLossOperator = defineOperator({
  name: 'CTCLoss',
  aliases: ['ctc_loss', '_contrib_CTCLoss', '_contrib_ctc_loss'],
  parameters: {
    use_data_lengths: bool('Whether data_lengths says how many steps each sequence has.', { fallback: false }),
    use_label_lengths: bool('Whether label_lengths says how many labels each has; otherwise they end before the first padding value.', { fallback: false }),
    blank_label: choice('The blank class: 0 (labels 1 up, padding 0) or the last (labels 0 up, padding −1).', ['first', 'last'], { fallback: 'first' }),
  },
  inputs: ({ use_data_lengths, use_label_lengths }) => ['data', 'label', ...(use_data_lengths ? ['data_lengths'] : []), ...(use_label_lengths ? ['label_lengths'] : [])],
  outputs: () => ['output0'],
  hiddenOutputs: () => 1,
  completeShapes: ({ inputs: [data, label, ...lengths], auxiliaryStates, outputs: [output] }) => {
    const batch = data?.[1] || label?.[0] || output?.[0];
    const perSample = batch ? [batch] : undefined;
    return { inputs: [data, label, ...lengths.map((length) => length ?? perSample)], auxiliaryStates, outputs: [perSample] };
  },
  inputChecks: ({ use_data_lengths, use_label_lengths, blank_label }, shapes) => {
    const [data, label] = shapes;
    return [...numbersIn(shapes), ...ctcChecks({
      blank: blank_label, steps: data![0]!, classes: data![2]!, label: label!, axis: 1,
      dataLengths: use_data_lengths ? 2 : undefined, labelLengths: use_label_lengths ? 2 + Number(use_data_lengths) : undefined,
    })];
  },
  record: ({ inputs, parameters: { use_data_lengths, use_label_lengths, blank_label } }) => {
    const [data, label, ...lengths] = inputs;
    const dataLengths = use_data_lengths ? lengths[0] : undefined;
    const labelLengths = use_label_lengths ? lengths.at(-1) : undefined;
    return [ctcLosses({ data: data!, label: label!, dataLengths, labelLengths }, { blank: blank_label, impossible: 0 })];
  },
});
