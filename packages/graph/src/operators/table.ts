import { customOperator } from '../custom/custom-operator.js';
import { addNOperator } from './elementwise/add-n.js';
import { binaryOperators, broadcastOperators } from './elementwise/binary.js';
import { castOperator } from './elementwise/cast.js';
import { dropoutOperator } from './elementwise/dropout.js';
import { blockGradOperator, identityOperator } from './elementwise/identity.js';
import { clipOperator, hardSigmoidOperator, smoothL1Operator, unaryOperators } from './elementwise/unary.js';
import { gatherNdOperator, scatterNdOperator } from './indexing/gather-nd.js';
import { oneHotOperator } from './indexing/one-hot.js';
import { pickOperator } from './indexing/pick.js';
import { sequenceLastOperator, sequenceMaskOperator, sequenceReverseOperator } from './indexing/sequence.js';
import { argsortOperator, sortOperator, topkOperator } from './indexing/sort.js';
import { batchTakeOperator, embeddingOperator, takeOperator } from './indexing/take.js';
import { whereOperator } from './indexing/where.js';
import { activationOperator } from './layers/activation.js';
import { convolutionOperator } from './layers/convolution.js';
import { deconvolutionOperator } from './layers/deconvolution.js';
import { fullyConnectedOperator } from './layers/fully-connected.js';
import { leakyReluOperator } from './layers/leaky-relu.js';
import { poolingOperator } from './layers/pooling.js';
import { roiPoolingOperator } from './layers/roi-pooling.js';
import { upSamplingOperator } from './layers/up-sampling.js';
import { batchDotOperator, dotOperator, linalgGemm2Operator } from './linear/dot.js';
import { batchNormOperator } from './normalization/batch-norm.js';
import { groupNormOperator, instanceNormOperator, layerNormOperator } from './normalization/instance-norm.js';
import { l2NormalizationOperator } from './normalization/l2-normalization.js';
import { lrnOperator } from './normalization/lrn.js';
import type { Operator } from './operator.js';
import { gradientOperator } from './gradient/gradient.js';
import { argmaxChannelOperator, argOperators } from './reduce/arg.js';
import { normOperator, reductionOperators } from './reduce/reduce.js';
import { broadcastAxisOperator, broadcastLikeOperator, broadcastToOperator } from './shape/broadcast.js';
import { concatOperator, stackOperator } from './shape/concat.js';
import { cropOperator } from './shape/crop.js';
import { flattenOperator } from './shape/flatten.js';
import { padOperator } from './shape/pad.js';
import { reshapeOperator } from './shape/reshape.js';
import { reshapeLikeOperator, sliceLikeOperator } from './shape/like.js';
import { sliceChannelOperator } from './shape/slice-channel.js';
import { sliceAxisOperator, sliceOperator } from './shape/slice.js';
import { depthToSpaceOperator, repeatOperator, reverseOperator, spaceToDepthOperator, tileOperator } from './shape/tile.js';
import { expandDimsOperator, squeezeOperator, swapAxisOperator, transposeOperator } from './shape/transpose.js';
import { softmaxActivationOperator, softmaxOperators } from './softmax/softmax.js';

/** Every operator of this package. A plain list: nothing is registered by importing it. */
export const builtInOperators: readonly Operator[] = [
  // layers
  fullyConnectedOperator,
  convolutionOperator,
  deconvolutionOperator,
  poolingOperator,
  roiPoolingOperator,
  upSamplingOperator,
  activationOperator,
  leakyReluOperator,
  dropoutOperator,
  embeddingOperator,
  batchNormOperator,
  instanceNormOperator,
  layerNormOperator,
  groupNormOperator,
  l2NormalizationOperator,
  lrnOperator,
  softmaxActivationOperator,
  ...Object.values(softmaxOperators),
  // elementwise
  ...Object.values(unaryOperators),
  hardSigmoidOperator,
  clipOperator,
  smoothL1Operator,
  ...binaryOperators,
  ...Object.values(broadcastOperators),
  addNOperator,
  identityOperator,
  blockGradOperator,
  castOperator,
  // shape
  flattenOperator,
  reshapeOperator,
  transposeOperator,
  swapAxisOperator,
  expandDimsOperator,
  squeezeOperator,
  concatOperator,
  stackOperator,
  sliceChannelOperator,
  sliceAxisOperator,
  sliceOperator,
  padOperator,
  cropOperator,
  broadcastToOperator,
  broadcastAxisOperator,
  broadcastLikeOperator,
  tileOperator,
  repeatOperator,
  reverseOperator,
  depthToSpaceOperator,
  spaceToDepthOperator,
  reshapeLikeOperator,
  sliceLikeOperator,
  // reductions
  ...Object.values(reductionOperators),
  normOperator,
  ...Object.values(argOperators),
  argmaxChannelOperator,
  // linear algebra
  dotOperator,
  batchDotOperator,
  linalgGemm2Operator,
  // indexing
  takeOperator,
  batchTakeOperator,
  pickOperator,
  oneHotOperator,
  whereOperator,
  gatherNdOperator,
  scatterNdOperator,
  sequenceMaskOperator,
  sequenceLastOperator,
  sequenceReverseOperator,
  sortOperator,
  argsortOperator,
  topkOperator,
  // of other networks
  gradientOperator,
  // written by users
  customOperator,
];
