import { registerOperator, type Operator } from '@lossworks/graph';
import { centerOperators, trainedTableLosses } from './class-tables/family.js';
import { marginLogitsOperator } from './class-tables/margin-logits.js';
import { lossFunctions } from './loss-functions.js';
import { softmaxCrossEntropyOperator } from './functions/softmax-cross-entropy.js';
import { makeLossLowerOperator, makeLossOperator } from './output-layers/make-loss.js';
import { linearRegressionOutputOperator, logisticRegressionOutputOperator, maeRegressionOutputOperator } from './output-layers/regression-output.js';
import { sparseActivationOperator } from './regularization/sparse-activation.js';
import { ctcLossOperator } from './sequences/ctc-operator.js';
import { softmaxOutputOperator } from './output-layers/softmax-output.js';
import { svmOutputOperator } from './output-layers/svm-output.js';

/** Every loss operator of this package, one an MXNet name, as `registerLossOperators` registers them. */
export const lossOperators: readonly Operator[] = [
  softmaxOutputOperator,
  linearRegressionOutputOperator,
  logisticRegressionOutputOperator,
  maeRegressionOutputOperator,
  svmOutputOperator,
  makeLossOperator,
  makeLossLowerOperator,
  softmaxCrossEntropyOperator,
  ctcLossOperator,
  sparseActivationOperator,
  ...Object.values(centerOperators),
  marginLogitsOperator,
  ...[...Object.values(trainedTableLosses), ...Object.values(lossFunctions)].map(({ operator }) => operator),
];

/**
 * Makes the loss operators known by name, so that symbol JSON that uses them can be read. Creating them needs no registration. Calling it again changes
 * nothing.
 *
 * @throws RangeError where an operator of another package has one of the names.
 */
export function registerLossOperators(): void {
  for (const operator of lossOperators) registerOperator(operator);
}
