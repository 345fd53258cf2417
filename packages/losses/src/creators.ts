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

/**
 * Softmax p of data, in its shape, whose gradient is that of the cross entropy with the label: (p − onehot(label))·gradScale (MXNet `SoftmaxOutput`). data
 * `[batch, classes]`, label `[batch]` of class indices; with `preserveShape` the last axis are the classes, with `multiOutput` axis 1, and there is a label
 * for each position of the others. The gradient is a sum over the labels, with `multiOutput` over the batch, the mean of a sample's positions each;
 * `normalization: 'batch'` makes it the mean over all labels, valid over those that are not `ignoreLabel` (−1). `useIgnore` gives those no gradient;
 * `smoothAlpha` (0, from 0 to 1) takes that probability from the true class and spreads it. A label of data's shape are probabilities: a sum, neither ignored
 * nor smoothed. Head gradients are ignored, unless `outGrad` multiplies by them.
 *
 * @throws RangeError, when shapes are inferred, for fewer than two axes and a label of another shape; in `forward` for NaN and a class index outside the
 * classes, where they are fed in (`checkInputs` of `bind`).
 */
export const softmaxOutput = creator(softmaxOutputOperator, ['data', 'label']);

/**
 * Identity, in data's shape, with the gradient of ½(x − y)²: (x − y)·gradScale, divided by the targets of a sample, not by the batch (MXNet
 * `LinearRegressionOutput`). label has data's shape, or `[batch]` for data `[batch, 1]`. Head gradients are ignored.
 *
 * @throws RangeError, when shapes are inferred, for a label of another size or first axis; in `forward` for NaN that is fed in.
 */
export const linearRegressionOutput = creator(linearRegressionOutputOperator, ['data', 'label']);

/**
 * σ(x), in data's shape, with the gradient of the cross entropy, σ(x) − y (MXNet `LogisticRegressionOutput`); labels 0 to 1. Shapes, scale and errors as
 * `linearRegressionOutput`.
 */
export const logisticRegressionOutput = creator(logisticRegressionOutputOperator, ['data', 'label']);

/**
 * Identity, in data's shape, with the gradient of |x − y|: its sign, −1 at equality (MXNet `MAERegressionOutput`). Shapes, scale and errors as
 * `linearRegressionOutput`.
 */
export const maeRegressionOutput = creator(maeRegressionOutputOperator, ['data', 'label']);

/**
 * Identity, in data's shape, with the gradient of the one-against-rest hinge loss, squared unless `useLinear` (MXNet `SVMOutput`): Σ_k max(0, margin ∓ x_k)²,
 * − for the true class. data `[…, classes]`, label `[…]` of class indices; `margin` 1, `regularizationCoefficient` 1 multiplies. A sum over the batch; head
 * gradients are ignored.
 *
 * @throws RangeError, when shapes are inferred, for a label of another shape, and in `forward` for NaN and a class index outside the classes, where they are
 * fed in (`checkInputs` of `bind`).
 */
export const svmOutput = creator(svmOutputOperator, ['data', 'label']);

/**
 * Makes any expression a loss to be minimised: identity, in data's shape, whose gradient is `gradScale` (1) everywhere (MXNet `MakeLoss`). `normalization:
 * 'batch'` divides it by the rows, all axes but the last (1 for a single axis), valid by the elements above `validThresh` (0). Head gradients are ignored.
 *
 * @throws RangeError, in `forward`, for NaN that is fed in.
 */
export const makeLoss = creator(makeLossOperator, ['data']);

/**
 * Σ −log softmax(data)[label] over the batch, shape `[1]`: data `[batch, classes]`, label `[batch]` of class indices (MXNet `softmax_cross_entropy`). The
 * probability is kept above 1e-8 in the value, not in the gradient. As an output it needs a head gradient: wrap it in `makeLoss`.
 *
 * @throws RangeError, when shapes are inferred, for other axes, and in `forward` for NaN and a class index outside the classes, where they are fed in
 * (`checkInputs` of `bind`).
 */
export const softmaxCrossEntropy = creator(softmaxCrossEntropyOperator, ['data', 'label']);

/**
 * Center loss (Wen et al., ECCV 2016): pulls the features of a class towards its center, which follows them. Wrap it in `makeLoss`: `makeLoss({ data:
 * centerLoss({ data: embedding, label, numClass: 10, scale: 0.01 }) })`. data `[batch, dimensions]`, label `[batch]` of class indices, center `[numClass,
 * dimensions]`, zeros at first; the output `[1]` is the mean of ½‖x − c_y‖² over the real rows, the gradient λ(x − c_y) a sample, divided by the batch with
 * `normalization: 'batch'`; λ is `scale` (1): see `centerLossConventions` for what others mean by it. Centers are an auxiliary state that moves once a step
 * by equation 4, `alpha` (0.5, 0 to 1) times Σ(x − c) / (1 + n), or with `centerUpdate: 'gradient'` an argument that the optimizer trains.
 *
 * @throws RangeError, when shapes are inferred, unless data has two axes, and in `forward` for NaN and a class index outside the classes, where they are fed
 * in (`checkInputs` of `bind`).
 */
export const centerLoss = creator(centerLossOperator, ['data', 'label', 'center']);

/**
 * ½‖x − c_y‖² / (Σ_{j≠y}‖x − c_j‖² + δ): near the own center, far from the others, as a quotient (Qi and Su 2017). `delta` is 1. data `[batch, dimensions]`,
 * label `[batch]`, center `[numClass, dimensions]`; output `[1]`. Options and errors as `centerLoss`.
 */
export const contrastiveCenterLoss = creator(contrastiveCenterLossOperator, ['data', 'label', 'center']);

/**
 * Center loss whose centers also drive each other apart, by Σ_{j≠k}(cos(c_j, c_k) + 1) weighed by `island` (10) (Cai et al. 2018). data `[batch,
 * dimensions]`, label `[batch]`, center `[numClass, dimensions]`; output `[1]`. Options and errors as `centerLoss`.
 */
export const islandLoss = creator(islandLossOperator, ['data', 'label', 'center']);

/**
 * Center loss that pushes features away from the other centers, by Σ_{j≠y} 1/(1 + ‖x − c_j‖²) weighed by `git` (1) (Calefati et al. 2018). data `[batch,
 * dimensions]`, label `[batch]`, center `[numClass, dimensions]`; output `[1]`. Options and errors as `centerLoss`.
 */
export const gitLoss = creator(gitLossOperator, ['data', 'label', 'center']);

/**
 * max(0, D(x, c_y) + m − min_{j≠y} D(x, c_j)), D = ½‖·‖²: the own center nearer than the nearest other one by a `margin` (5) (He et al. 2018). data `[batch,
 * dimensions]`, label `[batch]`, center `[numClass, dimensions]`; output `[1]`. Options and errors as `centerLoss`.
 */
export const tripletCenterLoss = creator(tripletCenterLossOperator, ['data', 'label', 'center']);

/**
 * Scores `[batch, numClass]` of a margin softmax, for `softmaxOutput`: `marginLogits({ data: embedding, label, kind: 'arcFace', numClass: 10 })`. data
 * `[batch, dimensions]`, label `[batch]` of class indices, weight `[numClass, dimensions]`, trained. `kind` is that of `normFaceLoss` (Wang et al. 2017),
 * `cosFaceLoss` (2018), `arcFaceLoss` (Deng et al. 2019), `sphereFaceLoss` (Liu et al. 2017) or `largeMarginLoss` (2016), as is `margin` unless given;
 * `scale`, of the first three, is 30.
 *
 * @throws RangeError, when shapes are inferred, where they do not fit, and in `forward` for NaN and a class index outside the classes, where they are fed in
 * (`checkInputs` of `bind`).
 */
export const marginLogits = creator(marginLogitsOperator, ['data', 'label', 'weight']);


/**
 * Identity on data `[batch, units]` from 0 to 1 whose gradient keeps units rarely active: h + λ(−ρ/a + (1 − ρ)/(1 − a)), a being a unit's average activity
 * (MXNet `IdentityAttachKLSparseReg`). ρ is `sparsenessTarget` (0.1, 0 to 1), λ `penalty` (0.001). a, the auxiliary state moving_avg `[units]`, moves once a
 * step: `momentum` (0.9) of it stays.
 *
 * @throws RangeError, when shapes are inferred, unless data has two axes; in `forward` for NaN that is fed in.
 */
export const identityAttachKLSparseReg = creator(sparseActivationOperator, ['data']);
