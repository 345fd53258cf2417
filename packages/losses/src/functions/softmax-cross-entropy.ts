import { equalsClass, formatShape, log, maximum, oneHot, reshape, softmax, sub, sum, where } from '@lossworks/ndarray';
import { defineOperator } from '@lossworks/graph';
import { numbersIn } from './check-inputs.js';

/**
 * Sum over the batch of −log softmax(data)[label], shape (1,); data (batch, classes), label (batch) class indices. MXNet `softmax_cross_entropy`: the
 * probability is kept above 1e-8 in the value, not in the gradient.
 */
export const softmaxCrossEntropyOperator = defineOperator({
  name: 'softmax_cross_entropy',
  parameters: {},
  inputs: () => ['data', 'label'],
  inputChecks: (_, shapes) => [...numbersIn(shapes), { input: 1, holds: 'classes', classes: shapes[0]![1]! }],
  completeShapes: (shapes) => {
    const [data, label] = shapes.inputs;
    if (data && data.length !== 2) throw new RangeError(`data has shape ${formatShape(data)}; it needs two axes, batch and classes`);
    if (label && label.length !== 1) throw new RangeError(`label has shape ${formatShape(label)}; it needs one axis, the batch`);
    if (data && label && data[0] && label[0] && data[0] !== label[0]) throw new RangeError(`label has shape ${formatShape(label)}, data ${formatShape(data)} needs [${data[0]}]`);
    return { ...shapes, outputs: [[1]] };
  },
  record: ({ inputs: [data, label] }) => {
    const hit = equalsClass(label!, data!.shape[1]!);
    const truth = sum(where(hit, softmax(data!), 0), { axes: 1 });
    return [reshape(sum(log(maximum(truth, 1e-8)).neg()), [1])];
  },
  gradient: ({ inputs: [data, label], outputGradients: [head] }) => [sub(softmax(data!), oneHot(label!, data!.shape[1]!)).mul(head!), null],
});
