import { creator } from '@lossworks/graph';
import { centerLossOperator } from './class-tables/center-loss.js';
import { contrastiveCenterLossOperator, gitLossOperator, islandLossOperator, tripletCenterLossOperator } from './class-tables/center-relatives.js';
import { marginLogitsOperator } from './class-tables/margin-logits.js';
import { sparseActivationOperator } from './regularization/sparse-activation.js';
import { softmaxCrossEntropyOperator } from './functions/softmax-cross-entropy.js';
import { makeLossOperator } from './output-layers/make-loss.js';
import { linearRegressionOutputOperator, logisticRegressionOutputOperator, maeRegressionOutputOperator } from './output-layers/regression-output.js';
import { softmaxOutputOperator } from './output-layers/softmax-output.js';
import { svmOutputOperator } from './output-layers/svm-output.js';

/** Softmax with the gradient of the cross entropy: p − onehot(label). MXNet `SoftmaxOutput`. */
export const softmaxOutput = creator(softmaxOutputOperator, ['data', 'label']);

/** Identity with gradient x − y a sample's target. MXNet `LinearRegressionOutput`. */
export const linearRegressionOutput = creator(linearRegressionOutputOperator, ['data', 'label']);

/** σ(x) with gradient σ(x) − y. MXNet `LogisticRegressionOutput`. */
export const logisticRegressionOutput = creator(logisticRegressionOutputOperator, ['data', 'label']);

/** Identity with gradient sign(x − y), −1 at equality. MXNet `MAERegressionOutput`. */
export const maeRegressionOutput = creator(maeRegressionOutputOperator, ['data', 'label']);

/** Identity with the gradient of the one-against-rest hinge loss. MXNet `SVMOutput`. */
export const svmOutput = creator(svmOutputOperator, ['data', 'label']);

/** Makes any expression a loss: identity with a constant gradient. MXNet `MakeLoss`. */
export const makeLoss = creator(makeLossOperator, ['data']);

/** Σ −log softmax(data)[label] over the batch, shape (1,). MXNet `softmax_cross_entropy`. */
export const softmaxCrossEntropy = creator(softmaxCrossEntropyOperator, ['data', 'label']);

/**
 * Center loss (Wen et al., ECCV 2016): pulls the features of a class towards its center, which follows them by `alpha`. Wrap it in `makeLoss`:
 * `makeLoss({ data: centerLoss({ data: embedding, label, numClass: 10, scale: 0.01 }) })`. Its output is the mean of ½‖x − c_y‖², its gradient λ(x − c_y) a
 * sample; see `centerLossConventions` for what others mean by λ.
 */
export const centerLoss = creator(centerLossOperator, ['data', 'label', 'center']);

/** Near the own center, far from the others, as a quotient (Qi and Su 2017). Like `centerLoss` in all else. */
export const contrastiveCenterLoss = creator(contrastiveCenterLossOperator, ['data', 'label', 'center']);

/** Center loss whose centers also drive each other apart (Cai et al. 2018). */
export const islandLoss = creator(islandLossOperator, ['data', 'label', 'center']);

/** Center loss that pushes features away from the other centers (Calefati et al. 2018). */
export const gitLoss = creator(gitLossOperator, ['data', 'label', 'center']);

/** The own center nearer than the nearest other one by a margin (He et al. 2018). */
export const tripletCenterLoss = creator(tripletCenterLossOperator, ['data', 'label', 'center']);

/** Scores of a margin softmax, for `softmaxOutput`: `marginLogits({ data: embedding, label, kind: 'arcFace', numClass: 10 })`. */
export const marginLogits = creator(marginLogitsOperator, ['data', 'label', 'weight']);


/** Identity whose gradient keeps units rarely active on average. MXNet `IdentityAttachKLSparseReg`. */
export const identityAttachKLSparseReg = creator(sparseActivationOperator, ['data']);
