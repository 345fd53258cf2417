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

/** y = x·Wᵀ + b: data (N, …), weight (numHidden, row length), bias (numHidden); output (N, numHidden). With `flatten: false` over the last axis alone. */
export const fullyConnected = creator(fullyConnectedOperator, ['data', 'weight', 'bias']);

/** Cross-correlation of data (N, C, …) over 1, 2 or 3 spatial axes; weight (numFilter, C / numGroup, kernel…), bias (numFilter). */
export const convolution = creator(convolutionOperator, ['data', 'weight', 'bias']);

/** Transposed convolution of data (N, C, …); weight (C, numFilter / numGroup, kernel…). There is no bias unless `noBias: false`. */
export const deconvolution = creator(deconvolutionOperator, ['data', 'weight', 'bias']);

/** Largest element, average, sum or p-norm of windows over data (N, C, …). The stride is 1 unless given. */
export const pooling = creator(poolingOperator, ['data']);

/** Largest feature of data (B, C, H, W) in each bin of the regions rois (R, 5); output (R, C, …pooledSize). */
export const roiPooling = creator(roiPoolingOperator, ['data', 'rois']);

/** Data (N, C, H, W) enlarged by a whole factor; several inputs end up with the size of the first and are joined. */
export const upSampling = listCreator(upSamplingOperator, 'num_args');

/** relu, sigmoid, tanh, softrelu or softsign of each element. */
export const activation = creator(activationOperator, ['data']);

/** leaky, elu, selu, gelu, rrelu, or prelu, whose factors `gamma` (one a channel) are learnt. */
export const leakyReLU = creator(leakyReluOperator, ['data', 'gamma']);

/** In training each element is dropped with probability p and the rest scaled by 1 / (1 − p); in inference nothing happens. */
export const dropout = creator(dropoutOperator, ['data']);

/** Rows of weight (inputDim, outputDim) chosen by data of any shape; output data's shape and outputDim. */
export const embedding = creator(embeddingOperator, ['data', 'weight']);

/** Batch normalisation over axis 1: gamma, beta (C), auxiliary states moving_mean, moving_var (C). As in MXNet `fixGamma` is true unless given. */
export const batchNorm = creator(batchNormOperator, ['data', 'gamma', 'beta', 'moving_mean', 'moving_var']);

/** Each channel of each element of the batch normalised over its spatial axes; gamma, beta (C). */
export const instanceNorm = creator(instanceNormOperator, ['data', 'gamma', 'beta']);

/** Normalised over one axis; gamma, beta of its length. */
export const layerNorm = creator(layerNormOperator, ['data', 'gamma', 'beta']);
/** Groups of channels normalised. */
export const groupNorm = creator(groupNormOperator, ['data', 'gamma', 'beta']);

/** x / √(Σx² + eps), over everything but the batch, channels, or spatial axes. */
export const l2Normalization = creator(l2NormalizationOperator, ['data']);

/** Local response normalisation over neighbouring channels of data (N, C, H, W). */
export const lrn = creator(lrnOperator, ['data']);

/** Softmax over the last axis, or with `mode: 'channel'` over axis 1, with the true derivative. */
export const softmaxActivation = creator(softmaxActivationOperator, ['data']);
