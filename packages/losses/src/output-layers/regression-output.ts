import { formatShape, greater, reshape, sigmoid, sizeOf, sub, where, type NDArray, type Shape } from '@lossworks/ndarray';
import { defineOperator, float, type NodeShapes } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';

const parameters = { grad_scale: float('Multiplies the gradient.', { fallback: 1 }) };

/** A prediction and the gradient of its loss: `residual` divided by the targets of one sample. */
function regressionOutput(name: string, predict: (x: NDArray) => NDArray, residual: (prediction: NDArray, label: NDArray) => NDArray) {
  return defineOperator({
    name,
    parameters,
    inputs: () => ['data', 'label'],
    usesHeadGradient: () => false,
    inputChecks: (_, shapes) => numbersIn(shapes),
    completeShapes,
    record: ({ inputs: [data] }) => [predict(data!)],
    gradient: ({ inputs: [, label], outputs: [prediction], parameters: { grad_scale } }) => {
      // MXNet divides by targets per sample, not by batch.
      const targets = Math.trunc(label!.size / label!.shape[0]!);
      return [residual(prediction!, reshape(label!, prediction!.shape)).mul(grad_scale / targets), null];
    },
  });
}

/** Identity; gradient x − y, that of ½(x − y)². MXNet `LinearRegressionOutput`. */
export const linearRegressionOutputOperator = regressionOutput('LinearRegressionOutput', (x) => x, (x, y) => sub(x, y));

/** σ(x); gradient σ(x) − y, that of the cross entropy. MXNet `LogisticRegressionOutput`. */
export const logisticRegressionOutputOperator = regressionOutput('LogisticRegressionOutput', (x) => sigmoid(x), (x, y) => sub(x, y));

/** Identity; gradient ±1, −1 at equality, that of |x − y|. MXNet `MAERegressionOutput`. */
export const maeRegressionOutputOperator = regressionOutput('MAERegressionOutput', (x) => x, (x, y) => where(greater(sub(x, y), 0), 1, -1));

function completeShapes({ inputs: [data, label], auxiliaryStates }: NodeShapes): NodeShapes {
  if (!data) return { inputs: [data, label], auxiliaryStates, outputs: [undefined] };
  const inferred = data.length === 2 && data[1] === 1 ? data.slice(0, 1) : data;
  if (label && !data.includes(0) && !label.includes(0)) checkLabel(data, label);
  return { inputs: [data, label ?? inferred], auxiliaryStates, outputs: [data] };
}

function checkLabel(data: Shape, label: Shape): void {
  if (label[0] === data[0] && sizeOf(label) === sizeOf(data)) return;
  throw new RangeError(`label has shape ${formatShape(label)}, data ${formatShape(data)} needs as many labels and the same first axis, as ${formatShape(data)} has`);
}
