import { activationOperator } from '../operators/layers/activation.js';
import { convolutionOperator } from '../operators/layers/convolution.js';
import { deconvolutionOperator } from '../operators/layers/deconvolution.js';
import { dropoutOperator } from '../operators/elementwise/dropout.js';
import { embeddingOperator } from '../operators/indexing/take.js';
import { fullyConnectedOperator } from '../operators/layers/fully-connected.js';
import { leakyReluOperator } from '../operators/layers/leaky-relu.js';
import { poolingOperator } from '../operators/layers/pooling.js';
import { roiPoolingOperator } from '../operators/layers/roi-pooling.js';
import { upSamplingOperator } from '../operators/layers/up-sampling.js';
import { batchNormOperator } from '../operators/normalization/batch-norm.js';
import { groupNormOperator, instanceNormOperator, layerNormOperator } from '../operators/normalization/instance-norm.js';
import { l2NormalizationOperator } from '../operators/normalization/l2-normalization.js';
import { lrnOperator } from '../operators/normalization/lrn.js';
import { softmaxActivationOperator } from '../operators/softmax/softmax.js';
import { creator, listCreator } from './creator.js';

/**
 * y = x·Wᵀ + b (MXNet `FullyConnected`). data `[batch, …]`, whose other axes are taken as one row; weight `[numHidden, row]`; bias `[numHidden]` unless
 * `noBias`; output `[batch, numHidden]`. With `flatten: false` the row is the last axis alone: data `[…, row]`, output `[…, numHidden]`.
 *
 * @throws RangeError, when shapes are inferred, where weight or bias do not fit.
 */
export const fullyConnected = creator(fullyConnectedOperator, ['data', 'weight', 'bias']);

/**
 * Cross-correlation over 1, 2 or 3 spatial axes (MXNet `Convolution`). data `[batch, channels, spatial…]`; weight `[numFilter, channels / numGroup,
 * kernel…]`; bias `[numFilter]` unless `noBias`; output `[batch, numFilter, spatial…]` of ⌊(length + 2·pad − dilate·(kernel − 1) − 1) / stride⌋ + 1 elements
 * an axis. `stride`, `dilate` (1) and `pad` (0, on both sides) have one number, of elements, a spatial axis.
 *
 * @throws RangeError, when shapes are inferred, where axes or weight do not fit, numGroup does not divide channels and filters, or the kernel is larger than
 * the padded data.
 */
export const convolution = creator(convolutionOperator, ['data', 'weight', 'bias']);

/**
 * Transposed convolution over 1, 2 or 3 spatial axes (MXNet `Deconvolution`). data `[batch, channels, spatial…]`; weight `[channels, numFilter / numGroup,
 * kernel…]`; bias `[numFilter]` only with `noBias: false`; output `[batch, numFilter, spatial…]` of stride·(length − 1) + dilate·(kernel − 1) + 1 − 2·pad +
 * adj elements an axis, or `targetShape`, which sets `pad` and `adj`.
 *
 * @throws RangeError, when shapes are inferred, where axes or weight do not fit, numGroup does not divide channels and filters, or a target is larger than
 * what the window reaches.
 */
export const deconvolution = creator(deconvolutionOperator, ['data', 'weight', 'bias']);

/**
 * Windows over 1, 2 or 3 spatial axes (MXNet `Pooling`): largest element (`poolType` max), average (avg), sum, or p-norm (lp, with `pValue` 1, 2 or 3). data
 * `[batch, channels, spatial…]`; output `[batch, channels, spatial…]` of ⌊(length + 2·pad − kernel) / stride⌋ + 1 elements an axis, rounded up with
 * `poolingConvention: 'full'`, or 1 with `globalPool`, which needs no kernel. The stride is 1 unless given. Padding is never the largest; it counts in
 * averages unless `countIncludePad: false`. The gradient of a maximum goes to the first one in row-major order.
 *
 * @throws RangeError, when shapes are inferred, where data has not two axes more than the kernel, the kernel is larger than the padded data, or lp has no
 * pValue.
 */
export const pooling = creator(poolingOperator, ['data']);

/**
 * Largest feature in each bin of each region (Girshick 2015; MXNet `ROIPooling`). data `[batch, channels, height, width]`; rois `[regions, 5]`, rows of batch
 * index, x1, y1, x2, y2 in pixels of the image, bounds included; output `[regions, channels, …pooledSize]`. `spatialScale`, 0 to 1, is features a pixel.
 * Empty bins, and regions of no batch, give 0; rois get no gradient.
 *
 * @throws RangeError, when shapes are inferred, for other axes and a pooledSize that is not two numbers.
 */
export const roiPooling = creator(roiPoolingOperator, ['data', 'rois']);

/**
 * data `[batch, channels, height, width]` enlarged by a whole `scale` (MXNet `UpSampling`): output `[batch, channels, scale·height, scale·width]`. With
 * `sampleType: 'nearest'` elements are repeated; several inputs all end up with the size of the first, one behind the other along channels or, with
 * `multiInputMode: 'sum'`, added. With `bilinear` it is a transposed convolution, a channel by itself: inputs data and a weight `[numFilter, 1, k, k]`, k =
 * 2·scale − scale mod 2, numFilter the channels.
 *
 * @throws RangeError, when shapes are inferred, unless data has 4 axes, numFilter its channels, and further inputs divide the output.
 */
export const upSampling = listCreator(upSamplingOperator, 'num_args');

/**
 * A function of each element, in data's shape, by `actType`: relu max(0, x), sigmoid 1 / (1 + e⁻ˣ), tanh, softrelu log(1 + eˣ), softsign x / (1 + |x|) (MXNet
 * `Activation`).
 */
export const activation = creator(activationOperator, ['data']);

/**
 * x where x > 0, else by `actType` (MXNet `LeakyReLU`), in data's shape: leaky slope·x; elu slope·(eˣ − 1); selu (Klambauer et al. 2017); rrelu x times a
 * slope drawn from `lowerBound` to `upperBound`, their middle in inference; prelu gamma·x, gamma `[channels]` or `[1]` being trained from 0.25. gelu is
 * x·Φ(x) everywhere. `slope` is 0.25 unless given.
 */
export const leakyReLU = creator(leakyReluOperator, ['data', 'gamma']);

/**
 * In training each element is 0 with probability `p` (0.5, from 0 to 1), else multiplied by 1 / (1 − p); in inference nothing happens, unless `mode:
 * 'always'` (Srivastava et al. 2014; MXNet `Dropout`). In data's shape; along `axes` all elements share their fate.
 */
export const dropout = creator(dropoutOperator, ['data']);

/**
 * Rows of weight `[inputDim, outputDim]` chosen by data, indices of any shape: output is data's shape, then outputDim (MXNet `Embedding`). Fractions are
 * dropped, indices outside 0 … inputDim − 1 clipped.
 *
 * @throws RangeError, at binding, where a gradient of data is asked for.
 */
export const embedding = creator(embeddingOperator, ['data', 'weight']);

/**
 * (x − μ) / √(σ² + eps)·γ + β for each channel (Ioffe and Szegedy 2015; MXNet `BatchNorm`), in data's shape; `axis` 1 unless given is that of channels.
 * gamma, beta and the auxiliary states moving_mean and moving_var are `[channels]`. Training takes mean and biased variance of the batch, and `backward`
 * moves the states: `momentum` (0.9) of them stays. Inference, and training with `useGlobalStats`, takes the states. As in MXNet `fixGamma` is true unless
 * given: gamma is set to 1 and not trained; `eps` is 0.001. With `outputMeanVar` the outputs mean and 1 / √(σ² + eps), `[channels]`, follow.
 *
 * @throws RangeError, when shapes are inferred, for fewer than two axes and an axis that data does not have.
 */
export const batchNorm = creator(batchNormOperator, ['data', 'gamma', 'beta', 'moving_mean', 'moving_var']);

/**
 * Each channel of each element of the batch normalised over its spatial axes (Ulyanov et al. 2016; MXNet `InstanceNorm`): data `[batch, channels, spatial…]`,
 * gamma, beta `[channels]`; in data's shape. By the biased variance, `eps` (0.001) added.
 *
 * @throws RangeError, when shapes are inferred, for fewer than three axes.
 */
export const instanceNorm = creator(instanceNormOperator, ['data', 'gamma', 'beta']);

/**
 * Normalised over one axis, the last unless given (Ba et al. 2016; MXNet `LayerNorm`): gamma, beta of its length; in data's shape. By the biased variance,
 * `eps` (0.00001) added. With `outputMeanVar` the outputs mean and √(variance + eps) follow, with 1 in the axis's place.
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have.
 */
export const layerNorm = creator(layerNormOperator, ['data', 'gamma', 'beta']);
/**
 * `numGroups` (1) groups of channels of each element of the batch normalised, spatial axes included (Wu and He 2018; MXNet `GroupNorm`): data `[batch,
 * channels, spatial…]`, gamma, beta `[numGroups]`; in data's shape. By the biased variance, `eps` (0.00001) added. With `outputMeanVar` the outputs mean and
 * √(variance + eps), `[batch, numGroups]`, follow.
 *
 * @throws RangeError, when shapes are inferred, for fewer than three axes and groups that do not divide the channels.
 */
export const groupNorm = creator(groupNormOperator, ['data', 'gamma', 'beta']);

/**
 * x / √(Σx² + eps), in data's shape (MXNet `L2Normalization`). By `mode` the sum goes over all axes but the batch (instance, the default), over axis 1
 * (channel), or over the axes from 2 on (spatial). `eps` is 1e-10.
 *
 * @throws RangeError, when shapes are inferred, for fewer than two axes, three for channel and spatial.
 */
export const l2Normalization = creator(l2NormalizationOperator, ['data']);

/**
 * Local response normalisation (Krizhevsky et al. 2012; MXNet `LRN`): x·(knorm + alpha / nsize·Σx²)^−beta, the sum over `nsize` channels around, for data
 * `[batch, channels, height, width]`, in its shape. `alpha` 0.0001, `beta` 0.75, `knorm` 2.
 *
 * @throws RangeError, when shapes are inferred, unless data has 4 axes and nsize is odd and at most the channels.
 */
export const lrn = creator(lrnOperator, ['data']);

/**
 * Softmax over the last axis, or with `mode: 'channel'` over axis 1, in data's shape, with the true derivative (MXNet `SoftmaxActivation`, whose own is wrong
 * for the last axis of more than two).
 */
export const softmaxActivation = creator(softmaxActivationOperator, ['data']);
