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

/** data `[batch, a, b, …]` as `[batch, a·b·…]` (MXNet `Flatten`). */
export const flatten = creator(flattenOperator, ['data']);
/**
 * The same elements, row-major, with other axes, read from left to right: a number is a length, 0 copies one, -1 takes what is left, -2 copies the rest, -3
 * joins two, -4 splits one into the next two numbers; with `reverse` from right to left (MXNet `Reshape`).
 *
 * @throws RangeError, when shapes are inferred, where the number of elements differs, two lengths are -1, or the codes ask for more axes than data has.
 */
export const reshape = creator(reshapeOperator, ['data']);
/**
 * Axes in another order: axis i of the output is axis `axes[i]` of data; turned round unless given (MXNet `transpose`).
 *
 * @throws RangeError, when shapes are inferred, unless axes name each axis once.
 */
export const transpose = creator(transposeOperator, ['data']);
/**
 * Axes `dim1` and `dim2`, 0 unless given, change places (MXNet `SwapAxis`).
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have.
 */
export const swapAxis = creator(swapAxisOperator, ['data']);
/**
 * A new axis of length 1 at `axis`; -1 puts it last (MXNet `expand_dims`).
 *
 * @throws RangeError, when shapes are inferred, for a place that is none.
 */
export const expandDims = creator(expandDimsOperator, ['data']);
/**
 * data without axes of length 1: those in `axis`, or all; at least shape `[1]` is left (MXNet `squeeze`).
 *
 * @throws RangeError, when shapes are inferred, for a named axis of another length.
 */
export const squeeze = creator(squeezeOperator, ['data']);
/**
 * Inputs one behind the other along axis `dim`, 1 unless given; all other lengths agree (MXNet `Concat`).
 *
 * @throws RangeError without inputs and, when shapes are inferred, where other axes differ.
 */
export const concat = listCreator(concatOperator, 'num_args');
/**
 * Inputs of one shape side by side along a new axis at `axis`, 0 unless given (MXNet `stack`).
 *
 * @throws RangeError without inputs and, when shapes are inferred, where they differ.
 */
export const stack = listCreator(stackOperator, 'num_args');
/**
 * data cut along `axis`, 1 unless given, into `numOutputs` equal parts, one an output: `get(0)` … With `squeezeAxis` the axis, then of length 1, is dropped
 * (MXNet `SliceChannel`).
 *
 * @throws RangeError, when shapes are inferred, where numOutputs does not divide the axis, or leaves more than 1 to squeeze.
 */
export const sliceChannel = creator(sliceChannelOperator, ['data']);
/**
 * Elements from `begin` up to, not including, `end` (null: to the end) along `axis`; negative bounds count from the end (MXNet `slice_axis`).
 *
 * @throws RangeError, when shapes are inferred, for bounds outside the axis and empty ranges.
 */
export const sliceAxis = creator(sliceAxisOperator, ['data']);
/**
 * A box: elements from `begin` up to, not including, `end`, every `step`-th, along the first axes; null is open, negative bounds count from the end, negative
 * steps go backwards (MXNet `slice`).
 *
 * @throws RangeError, when shapes are inferred, for empty ranges, a step of 0, and more bounds than axes.
 */
export const slice = creator(sliceOperator, ['data']);
/**
 * Elements added around the spatial axes of data with 4 or 5 axes: `constantValue` (0), the border again (edge), or what mirrors behind it (reflect), by
 * `mode`. `padWidth` has two numbers, before and after, an axis; the first four are 0 (MXNet `Pad`).
 *
 * @throws RangeError, when shapes are inferred, for other axes or widths, and where reflect asks for as much as the axis has.
 */
export const pad = creator(padOperator, ['data']);
/**
 * A window of data `[batch, channels, height, width]`: height and width `hW`, or those of a second input, at `offset` (0, 0) or, with `centerCrop`, in the
 * middle (MXNet `Crop`).
 *
 * @throws RangeError, when shapes are inferred, where the window does not lie within data.
 */
export const crop = listCreator(cropOperator, 'num_args');
/**
 * Axes of length 1 repeated up to `shape`, which has as many axes as data; 0 keeps a length (MXNet `broadcast_to`).
 *
 * @throws RangeError, when shapes are inferred, where another length would have to change.
 */
export const broadcastTo = creator(broadcastToOperator, ['data']);
/**
 * The axes `axis`, of length 1, repeated `size` times (MXNet `broadcast_axis`).
 *
 * @throws RangeError, when shapes are inferred, where the lists differ in length or an axis is longer.
 */
export const broadcastAxis = creator(broadcastAxisOperator, ['data']);
/**
 * Axes of length 1 of lhs repeated up to the shape of rhs, which gets no gradient (MXNet `broadcast_like`).
 *
 * @throws RangeError, when shapes are inferred, where another length would have to change.
 */
export const broadcastLike = creator(broadcastLikeOperator, ['lhs', 'rhs']);

/** The whole array side by side, `reps` times an axis; more numbers than axes make new axes in front (MXNet `tile`). */
export const tile = creator(tileOperator, ['data']);
/**
 * Every element `repeats` times in a row along `axis`; without one the array is flattened first (MXNet `repeat`).
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have.
 */
export const repeat = creator(repeatOperator, ['data']);
/**
 * The elements in the opposite order along the axes `axis`, in data's shape (MXNet `reverse`).
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have.
 */
export const reverse = creator(reverseOperator, ['data']);
/**
 * Channels to blocks of b × b pixels, b = `blockSize`: data `[batch, channels, height, width]` as `[batch, channels / b², b·height, b·width]` (MXNet
 * `depth_to_space`).
 *
 * @throws RangeError, when shapes are inferred, unless data has 4 axes and b² divides the channels.
 */
export const depthToSpace = creator(depthToSpaceOperator, ['data']);
/**
 * Blocks of b × b pixels to channels, b = `blockSize`: data `[batch, channels, height, width]` as `[batch, b²·channels, height / b, width / b]` (MXNet
 * `space_to_depth`).
 *
 * @throws RangeError, when shapes are inferred, unless data has 4 axes and b divides height and width.
 */
export const spaceToDepth = creator(spaceToDepthOperator, ['data']);
/**
 * The elements of lhs, row-major, in the shape of rhs, which gets no gradient (MXNet `reshape_like`).
 *
 * @throws RangeError, when shapes are inferred, where they have different numbers of elements.
 */
export const reshapeLike = creator(reshapeLikeOperator, ['lhs', 'rhs']);
/**
 * The first elements of data along `axes`, all unless given, as many as `shapeLike` has, which gets no gradient (MXNet `slice_like`).
 *
 * @throws RangeError, when shapes are inferred, where shapeLike is longer.
 */
export const sliceLike = creator(sliceLikeOperator, ['data', 'shape_like']);

// reductions: over `axis`, or all axes, which leaves shape (1,)

/**
 * The sum over `axis`, all unless given, or with `exclude` over all others; the axes go unless `keepdims`, and over all of them shape `[1]` is left (MXNet
 * `sum`).
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have. So do all reductions.
 */
export const sum = creator(reductionOperators.sum, ['data']);
/** The average over axes; shape, options and errors as `sum` (MXNet `mean`). */
export const mean = creator(reductionOperators.mean, ['data']);
/** The sum over axes of what is not NaN; shape, options and errors as `sum` (MXNet `nansum`). */
export const nansum = creator(reductionOperators.nansum, ['data']);
/** The product over axes of what is not NaN; shape, options and errors as `sum` (MXNet `nanprod`). */
export const nanprod = creator(reductionOperators.nanprod, ['data']);
/** The product over axes; shape, options and errors as `sum`. Its gradient is NaN at zeros (MXNet `prod`). */
export const prod = creator(reductionOperators.prod, ['data']);
/** The largest element over axes, whose gradient goes to every tied one, undivided; shape, options and errors as `sum` (MXNet `max`). */
export const max = creator(reductionOperators.max, ['data']);
/** The smallest element over axes, whose gradient goes to every tied one, undivided; shape, options and errors as `sum` (MXNet `min`). */
export const min = creator(reductionOperators.min, ['data']);
/** √Σx² over `axis`, all unless given, or Σ|x| with `ord: 1`; shape and errors as `sum`. The gradient of a zero vector's √Σx² is NaN (MXNet `norm`). */
export const norm = creator(normOperator, ['data']);
/**
 * Position of the first largest element along `axis`, or in the flattened array, as a float; the axis goes unless `keepdims`, and at least shape `[1]` is
 * left. No gradient (MXNet `argmax`).
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have.
 */
export const argmax = creator(argOperators.argmax, ['data']);
/** Position of the first smallest element along `axis`, or in the flattened array, as a float; shape and errors as `argmax`. No gradient (MXNet `argmin`). */
export const argmin = creator(argOperators.argmin, ['data']);
/** The class with the largest value, as a float: `argmax` over axis 1 of data `[batch, classes, …]`, which goes (MXNet `argmax_channel`). */
export const argmaxChannel = creator(argmaxChannelOperator, ['data']);

// softmax

/**
 * eˣ / Σ eˣ along `axis`, the last unless given, in data's shape; x is divided by `temperature` first (MXNet `softmax`). With `useLength` a second input, in
 * data's shape without the axis, says how many elements count; the others give 0.
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have, and a length of another shape.
 */
export const softmax = creator(softmaxOperators.softmax, ['data', 'length']);
/** The logarithm of `softmax`, without the loss of precision; shape, options and errors as there (MXNet `log_softmax`). */
export const logSoftmax = creator(softmaxOperators.log_softmax, ['data', 'length']);
/** `softmax` of −x; shape, options and errors as there (MXNet `softmin`). */
export const softmin = creator(softmaxOperators.softmin, ['data', 'length']);

// linear algebra

/**
 * Matrix product `[m, k]` by `[k, n]`; with more axes the last of lhs meets the first of rhs, and two vectors give shape `[1]`. `transposeA` and `transposeB`
 * take an operand turned round (MXNet `dot`).
 *
 * @throws RangeError, when shapes are inferred, where the axes that meet differ in length.
 */
export const dot = creator(dotOperator, ['lhs', 'rhs']);
/**
 * A matrix product for each element of the batch: `[batch, m, k]` by `[batch, k, n]` gives `[batch, m, n]`; `transposeA` and `transposeB` turn the last two
 * axes round (MXNet `batch_dot`).
 *
 * @throws RangeError, when shapes are inferred, unless both have three axes that fit.
 */
export const batchDot = creator(batchDotOperator, ['lhs', 'rhs']);

/**
 * alpha·A·B over the last two axes, `[…, m, k]` by `[…, k, n]`; axes in front are the same, `alpha` is 1 unless given (MXNet `linalg_gemm2`).
 *
 * @throws RangeError, when shapes are inferred, where axes do not fit.
 */
export const linalgGemm2 = creator(linalgGemm2Operator, ['A', 'B']);

// indexing: fractions of indices are dropped

/**
 * Slices of `a` along `axis`, the first unless given, chosen by indices of any shape, which takes the axis's place (MXNet `take`). Fractions are dropped;
 * `mode` says what an index outside is: clip (the default), wrap, or raise, a RangeError of `forward` for indices that are fed in. Indices get no gradient.
 */
export const take = creator(takeOperator, ['a', 'indices']);
/**
 * One element of each row of `a` `[rows, columns]` by indices `[rows]`, clipped: output `[rows]` (MXNet `batch_take`).
 *
 * @throws RangeError, when shapes are inferred, for other shapes.
 */
export const batchTake = creator(batchTakeOperator, ['a', 'indices']);
/**
 * One element along `axis`, the last unless given, for every position of the others: index and output have data's shape without the axis, or with 1 there
 * (`keepdims`). `mode` clip or wrap says what an index outside is (MXNet `pick`).
 *
 * @throws RangeError, when shapes are inferred, for an index of another shape.
 */
export const pick = creator(pickOperator, ['data', 'index']);
/**
 * `onValue` (1) at the index along a new last axis of length `depth`, `offValue` (0) elsewhere, and everywhere for an index outside; output is the indices'
 * shape, then depth. No gradient (MXNet `one_hot`).
 */
export const oneHot = creator(oneHotOperator, ['indices']);
/**
 * Slices of data at places: indices `[m, …]` have an index for each of the first m axes; output is the indices' shape without m, then data's other axes
 * (MXNet `gather_nd`). Indices must lie within, and get no gradient.
 *
 * @throws RangeError, when shapes are inferred, where m is more than data's axes.
 */
export const gatherNd = creator(gatherNdOperator, ['data', 'indices']);
/**
 * Zeros of `shape` with data's slices at places: indices `[m, …]` have an index for each of the first m axes. Slices at equal places add up (MXNet
 * `scatter_nd`, which leaves that open).
 *
 * @throws RangeError, when shapes are inferred, where m is more than the shape's axes.
 */
export const scatterNd = creator(scatterNdOperator, ['data', 'indices']);
/**
 * Steps behind a sequence's length become `value` (0), with `useSequenceLength`, else nothing happens: data `[steps, batch, …]`, or `[batch, steps, …]` with
 * `axis: 1`, in its shape; sequence_length `[batch]` (MXNet `SequenceMask`).
 *
 * @throws RangeError, when shapes are inferred, for fewer than two axes.
 */
export const sequenceMask = creator(sequenceMaskOperator, ['data', 'sequence_length']);
/**
 * The last step of each sequence: data `[steps, batch, …]`, or `[batch, steps, …]` with `axis: 1`, gives `[batch, …]`; sequence_length `[batch]`, from 1,
 * with `useSequenceLength`, else all steps count (MXNet `SequenceLast`).
 *
 * @throws RangeError, when shapes are inferred, for fewer than two axes.
 */
export const sequenceLast = creator(sequenceLastOperator, ['data', 'sequence_length']);
/**
 * Each sequence backwards, the steps behind its length as they are: data `[steps, batch, …]`, in its shape; sequence_length `[batch]` with
 * `useSequenceLength` (MXNet `SequenceReverse`).
 *
 * @throws RangeError, when shapes are inferred, for fewer than two axes.
 */
export const sequenceReverse = creator(sequenceReverseOperator, ['data', 'sequence_length']);
/**
 * Elements of x where the condition is not 0, of y elsewhere, in their shape; the condition has it too, or `[rows]` to choose whole rows, and gets no
 * gradient (MXNet `where`).
 *
 * @throws RangeError, when shapes are inferred, where x, y and condition do not fit.
 */
export const where = creator(whereOperator, ['condition', 'x', 'y']);
/**
 * The elements along `axis`, the last unless given, null for the flattened array, from the smallest to the largest, or with `isAscend: false` the other way;
 * in data's shape (MXNet `sort`). Compares every pair: for short axes.
 *
 * @throws RangeError, when shapes are inferred, for an axis that data does not have.
 */
export const sort = creator(sortOperator, ['data']);
/** Where the elements of `sort` come from, as floats; shape, options and errors as there. No gradient (MXNet `argsort`). */
export const argsort = creator(argsortOperator, ['data']);
/**
 * The `k` (1) largest elements along `axis`, the last unless given, or with `isAscend` the smallest: their positions as floats, or by `retTyp` values, both
 * (two outputs), or a mask in data's shape; else k stands at the axis. Equal ones stand in their own order (MXNet `topk`).
 *
 * @throws RangeError, when shapes are inferred, where k is more than the axis has.
 */
export const topk = creator(topkOperator, ['data']);
