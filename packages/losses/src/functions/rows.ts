import { add, arange, cast, formatShape, gather, greater, less, matmul, maximum, mul, reshape, scatterAdd, sqrt, square, sub, sum, where, type NDArray } from '@lossworks/ndarray';

/** Squares below it count as 0: float32 has no use for shorter vectors. */
const shortest = 1e-24;

/** Lengths of the vectors along the last axis, which stays; the gradient of a zero vector's is 0. */
export function lengths(x: NDArray): NDArray {
  return sqrt(maximum(sum(square(x), { axes: -1, keepDims: true }), shortest));
}

/** Vectors along the last axis, brought to length 1; a zero vector stays zero and gets no gradient. */
export function normalized(x: NDArray): NDArray {
  const squares = sum(square(x), { axes: -1, keepDims: true });
  return mul(x, where(greater(squares, shortest), maximum(squares, shortest).pow(-0.5), 0));
}

/** (n, m): squared Euclidean distances between the rows of a (n, d) and of b (m, d), by one matrix product. */
export function squaredDistances(a: NDArray, b: NDArray): NDArray {
  const squares = (x: NDArray): NDArray => sum(square(x), { axes: 1 });
  const [n, m] = [a.shape[0]!, b.shape[0]!];
  const sums = add(reshape(squares(a), [n, 1]), reshape(squares(b), [1, m]));
  return maximum(sub(sums, matmul(a, b, { transposeB: true }).mul(2)), 0);
}

/** (n): positions, in all elements of x (n, classes), of those that the indices (n) choose. */
function positions(x: NDArray, indices: NDArray): NDArray {
  const [rows, classes] = x.shape as [number, number];
  return add(arange(rows).mul(classes), cast(reshape(indices, [rows]), 'int32'));
}

/** (n): the element of each row of x (n, classes) that the indices (n) choose. */
export function chosen(x: NDArray, indices: NDArray): NDArray {
  return gather(reshape(x, [x.size]), positions(x, indices));
}

/** x (n, classes) with one number (n) added to the element of each row that the indices (n) choose. */
export function addedTo(x: NDArray, indices: NDArray, numbers: NDArray): NDArray {
  return reshape(scatterAdd(reshape(x, [x.size]), positions(x, indices), numbers), x.shape);
}

/** The label with the data's shape. */
export function likeData(label: NDArray, data: NDArray, name = 'label'): NDArray {
  if (label.size !== data.size) throw new RangeError(`${name} has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs one of as many elements, such as ${formatShape(data.shape)}`);
  return reshape(label, data.shape);
}

/** Requires two axes. */
export function checkMatrix(name: string, { shape }: NDArray): void {
  if (shape.length !== 2) throw new RangeError(`${name} has shape ${formatShape(shape)}; it needs two axes, batch and ${name === 'data' ? 'dimensions' : 'the like'}`);
}

/** (batch): 1 for the leading rows that are real, 0 for padding; undefined where all are real. */
export function realRows(batch: number, validRows: NDArray | undefined): NDArray | undefined {
  return validRows && cast(less(cast(arange(batch), 'float32'), validRows), 'float32');
}
