import { gatherNdOperator, scatterNdOperator } from '../operators/indexing/gather-nd.js';
import { oneHotOperator } from '../operators/indexing/one-hot.js';
import { pickOperator } from '../operators/indexing/pick.js';
import { sequenceLastOperator, sequenceMaskOperator, sequenceReverseOperator } from '../operators/indexing/sequence.js';
import { argsortOperator, sortOperator, topkOperator } from '../operators/indexing/sort.js';
import { batchTakeOperator, takeOperator } from '../operators/indexing/take.js';
import { whereOperator } from '../operators/indexing/where.js';
import { batchDotOperator, dotOperator, linalgGemm2Operator } from '../operators/linear/dot.js';
import { argmaxChannelOperator, argOperators } from '../operators/reduce/arg.js';
import { normOperator, reductionOperators } from '../operators/reduce/reduce.js';
import { broadcastAxisOperator, broadcastLikeOperator, broadcastToOperator } from '../operators/shape/broadcast.js';
import { concatOperator, stackOperator } from '../operators/shape/concat.js';
import { cropOperator } from '../operators/shape/crop.js';
import { flattenOperator } from '../operators/shape/flatten.js';
import { padOperator } from '../operators/shape/pad.js';
import { reshapeOperator } from '../operators/shape/reshape.js';
import { reshapeLikeOperator, sliceLikeOperator } from '../operators/shape/like.js';
import { sliceChannelOperator } from '../operators/shape/slice-channel.js';
import { sliceAxisOperator, sliceOperator } from '../operators/shape/slice.js';
import { depthToSpaceOperator, repeatOperator, reverseOperator, spaceToDepthOperator, tileOperator } from '../operators/shape/tile.js';
import { expandDimsOperator, squeezeOperator, swapAxisOperator, transposeOperator } from '../operators/shape/transpose.js';
import { softmaxOperators } from '../operators/softmax/softmax.js';
import { creator, listCreator } from './creator.js';

// shape

/** (d0, d1, …) to (d0, d1·…). */
export const flatten = creator(flattenOperator, ['data']);
/** Other axes, the same elements: 0 copies a length, -1 takes what is left, -2 copies the rest, -3 joins two, -4 splits one. */
export const reshape = creator(reshapeOperator, ['data']);
/** Axes in another order; turned round unless `axes` is given. */
export const transpose = creator(transposeOperator, ['data']);
/** Two axes change places. */
export const swapAxis = creator(swapAxisOperator, ['data']);
/** A new axis of length 1. */
export const expandDims = creator(expandDimsOperator, ['data']);
/** Drops axes of length 1. */
export const squeeze = creator(squeezeOperator, ['data']);
/** Inputs one behind the other along axis `dim`, 1 unless given. */
export const concat = listCreator(concatOperator, 'num_args');
/** Inputs of one shape side by side along a new axis. */
export const stack = listCreator(stackOperator, 'num_args');
/** Cuts axis 1, or another, into `numOutputs` equal parts. */
export const sliceChannel = creator(sliceChannelOperator, ['data']);
/** Elements from `begin` up to `end` along one axis. */
export const sliceAxis = creator(sliceAxisOperator, ['data']);
/** A box: bounds and steps for the first axes, null where open. */
export const slice = creator(sliceOperator, ['data']);
/** Elements added around the spatial axes: constant, edge or reflect. */
export const pad = creator(padOperator, ['data']);
/** A spatial window of data (N, C, H, W): `hW`, or as large as a second input. */
export const crop = listCreator(cropOperator, 'num_args');
/** Repeats axes of length 1 up to a shape. */
export const broadcastTo = creator(broadcastToOperator, ['data']);
/** Repeats the named axes, which have length 1. */
export const broadcastAxis = creator(broadcastAxisOperator, ['data']);
/** Repeats axes of length 1 of lhs up to the shape of rhs. */
export const broadcastLike = creator(broadcastLikeOperator, ['lhs', 'rhs']);

/** The whole array side by side along its axes, `reps` times. */
export const tile = creator(tileOperator, ['data']);
/** Every element `repeats` times in a row along an axis, or of the flattened array. */
export const repeat = creator(repeatOperator, ['data']);
/** The elements in the opposite order along some axes. */
export const reverse = creator(reverseOperator, ['data']);
/** Channels to blocks of pixels. */
export const depthToSpace = creator(depthToSpaceOperator, ['data']);
/** Blocks of pixels to channels. */
export const spaceToDepth = creator(spaceToDepthOperator, ['data']);
/** The elements of lhs in the shape of rhs. */
export const reshapeLike = creator(reshapeLikeOperator, ['lhs', 'rhs']);
/** The first elements of data along some axes, as many as `shapeLike` has. */
export const sliceLike = creator(sliceLikeOperator, ['data', 'shape_like']);

// reductions: over `axis`, or all axes, which leaves shape (1,)

/** The sum. */
export const sum = creator(reductionOperators.sum, ['data']);
/** The average. */
export const mean = creator(reductionOperators.mean, ['data']);
/** The sum of what is not NaN. */
export const nansum = creator(reductionOperators.nansum, ['data']);
/** The product of what is not NaN. */
export const nanprod = creator(reductionOperators.nanprod, ['data']);
/** The product. */
export const prod = creator(reductionOperators.prod, ['data']);
/** The largest element; the gradient goes to every tied one. */
export const max = creator(reductionOperators.max, ['data']);
/** The smallest element; the gradient goes to every tied one. */
export const min = creator(reductionOperators.min, ['data']);
/** √Σx², or Σ|x| with `ord: 1`. */
export const norm = creator(normOperator, ['data']);
/** Position of the first largest element, as a float. */
export const argmax = creator(argOperators.argmax, ['data']);
/** Position of the first smallest element, as a float. */
export const argmin = creator(argOperators.argmin, ['data']);
/** The class with the largest value: argmax over axis 1. */
export const argmaxChannel = creator(argmaxChannelOperator, ['data']);

// softmax

/** eˣ / Σ eˣ along an axis, the last one unless given; x is divided by `temperature` first. */
export const softmax = creator(softmaxOperators.softmax, ['data', 'length']);
/** The logarithm of the same. */
export const logSoftmax = creator(softmaxOperators.log_softmax, ['data', 'length']);
/** The softmax of −x. */
export const softmin = creator(softmaxOperators.softmin, ['data', 'length']);

// linear algebra

/** Matrix product; with more axes the last of lhs meets the first of rhs. */
export const dot = creator(dotOperator, ['lhs', 'rhs']);
/** A matrix product for each element of the batch. */
export const batchDot = creator(batchDotOperator, ['lhs', 'rhs']);

/** alpha·A·B over the last two axes. */
export const linalgGemm2 = creator(linalgGemm2Operator, ['A', 'B']);

// indexing: fractions of indices are dropped

/** Slices of `a` along an axis, chosen by indices of any shape. */
export const take = creator(takeOperator, ['a', 'indices']);
/** One element of each row of `a`. */
export const batchTake = creator(batchTakeOperator, ['a', 'indices']);
/** One element along an axis for every position of the others. */
export const pick = creator(pickOperator, ['data', 'index']);
/** A new last axis with 1 at the index. */
export const oneHot = creator(oneHotOperator, ['indices']);
/** Slices of data at places: an index for each of its first axes. */
export const gatherNd = creator(gatherNdOperator, ['data', 'indices']);
/** Zeros of a shape with data's slices at places. */
export const scatterNd = creator(scatterNdOperator, ['data', 'indices']);
/** Steps behind a sequence's length become `value`. */
export const sequenceMask = creator(sequenceMaskOperator, ['data', 'sequence_length']);
/** The last step of each sequence. */
export const sequenceLast = creator(sequenceLastOperator, ['data', 'sequence_length']);
/** Each sequence backwards. */
export const sequenceReverse = creator(sequenceReverseOperator, ['data', 'sequence_length']);
/** Elements of x where the condition is not 0, of y elsewhere. */
export const where = creator(whereOperator, ['condition', 'x', 'y']);
/** The elements along an axis, the last one unless given, from the smallest to the largest. Compares every pair: for short axes. */
export const sort = creator(sortOperator, ['data']);
/** Where they come from. */
export const argsort = creator(argsortOperator, ['data']);
/** Positions, or with `retTyp` values, both or a mask, of the k largest along an axis. */
export const topk = creator(topkOperator, ['data']);
