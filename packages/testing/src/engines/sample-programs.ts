import {
  add, concat, conv, cast, equal, exp, full, gather, less, matmul, maximum, maxPool, mul, neg, reshape, sigmoid, slice, softmax, sub, sum, tanh, transpose, vjp, where, type NDArray, type Shape,
} from '@lossworks/ndarray';

/** What is recorded from arrays of given shapes. */
export type Recorded = (inputs: readonly NDArray[]) => readonly NDArray[];

export type ProgramSample = readonly [name: string, shapes: readonly Shape[], f: Recorded];

const biasOf = (bias: NDArray): NDArray => reshape(bias, [1, bias.size, 1, 1]);

/** Programs with a batch long enough to be laid innermost. */
const batchLastPrograms: readonly ProgramSample[] = [
  ['a deep net over a long batch and all its gradients', [[9, 2, 10, 12], [3, 2, 3, 3], [3], [4, 3, 3, 3], [4], [5, 8], [5], [9, 5]], ([x, w, b, v, c, m, d, g]) => {
    const first = maxPool(tanh(add(conv(x!, w!), biasOf(b!))), { kernel: [2, 2], strides: 2 });
    const second = maxPool(tanh(add(conv(first, v!), biasOf(c!))), { kernel: [1, 1], strides: 1 });
    const y = add(matmul(reshape(slice(second, [0, 0, 0, 0], [9, 4, 2, 1]), [9, 8]), m!, { transposeB: true }), d!);
    return [y, first, ...vjp([y], [x!, w!, b!, v!, c!, m!, d!], [g!])];
  }],
  ['a flattened convolution of a long batch', [[8, 1, 4, 4], [2, 1, 3, 3], [3, 8], [8, 3]], ([x, w, m, g]) => {
    const y = matmul(reshape(conv(x!, w!), [8, 8]), m!, { transposeB: true });
    return [y, ...vjp([y], [x!, w!, m!], [g!])];
  }],
  ['padded, dilated and grouped convolutions of a long batch', [[8, 4, 7, 6], [6, 2, 3, 2], [8, 6, 7, 6]], ([x, w, g]) => {
    const y = conv(x!, w!, { pads: [2, 1], dilations: 2, groups: 2 });
    return [y, ...vjp([y], [x!, w!], [g!.broadcastTo(y.shape)])];
  }],
  ['padded groups with fewer filters than channels, of a long batch', [[8, 4, 5, 4], [2, 2, 3, 2]], ([x, w]) => {
    const y = conv(x!, w!, { pads: 1, dilations: [1, 2], groups: 2 });
    return [y, ...vjp([y], [x!, w!], [tanh(y)])];
  }],
  ['unequal padding of a long batch', [[8, 2, 5, 4], [3, 2, 2, 3]], ([x, w]) => {
    const y = conv(x!, w!, { pads: [1, 0], padsAfter: [0, 2] });
    return [y, ...vjp([y], [x!, w!], [tanh(y)])];
  }],
  ['strides along the outer axis of a long batch', [[8, 2, 6, 4], [3, 2, 2, 3]], ([x, w]) => {
    const y = conv(x!, w!, { strides: [2, 1] });
    return [y, ...vjp([y], [x!, w!], [tanh(y)])];
  }],
  ['strides along every axis of a long batch', [[8, 2, 6, 6], [3, 2, 2, 2]], ([x, w]) => {
    const y = conv(x!, w!, { strides: 2 });
    return [y, ...vjp([y], [x!, w!], [tanh(y)])];
  }],
  ['convolution and pooling along one axis of a long batch', [[8, 2, 9], [4, 2, 4], [8, 4, 2]], ([x, w, g]) => {
    const y = maxPool(conv(x!, w!), { kernel: [3], strides: 3 });
    return [y, ...vjp([y], [x!, w!], [g!])];
  }],
  ['convolution and pooling along three axes of a long batch', [[8, 1, 3, 5, 5], [2, 1, 2, 2, 2], [8, 2, 1, 2, 2]], ([x, w, g]) => {
    const y = maxPool(conv(x!, w!), { kernel: [2, 2, 2], strides: 2 });
    return [y, ...vjp([y], [x!, w!], [g!])];
  }],
  ['a convolution of strided groups of a long batch', [[8, 4, 7, 5], [4, 2, 3, 2], [8, 4, 3, 4]], ([x, w, g]) => {
    const y = conv(x!, w!, { strides: [2, 1], groups: 2 });
    return [y, ...vjp([y], [x!, w!], [g!])];
  }],
  ['pooling ties in a long batch', [[8, 2, 2, 3]], ([g]) => {
    const x = conv(full([8, 1, 5, 7], 0.5), full([2, 1, 2, 2], 1));
    const y = maxPool(x, { kernel: [2, 2], strides: 2 });
    return [y, ...vjp([y], [x], [g!])];
  }],
  ['normalised channels of a long batch', [[8, 3, 4, 4], [2, 3, 3, 3], [2], [8, 2, 2, 2]], ([x, w, gamma, g]) => {
    const y = conv(x!, w!);
    const centered = sub(y, mul(sum(y, { axes: [0, 2, 3], keepDims: true }), 1 / 32));
    const scaled = mul(centered, biasOf(gamma!));
    return [scaled, ...vjp([scaled], [x!, w!, gamma!], [g!])];
  }],
  ['sums within the samples of a long batch', [[8, 2, 4, 4], [3, 2, 3, 3], [8, 3]], ([x, w, g]) => {
    const y = sum(conv(x!, w!), { axes: [2, 3] });
    return [y, ...vjp([y], [x!, w!], [g!])];
  }],
  ['a long batch that meets what lies as recorded', [[8, 2, 4, 4], [3, 2, 3, 3], [8, 3, 2, 2], [8, 1, 1, 1], [2]], ([x, w, a, b, c]) => {
    const y = conv(x!, w!);
    return [add(y, a!), mul(y, b!), mul(y, c!), where(less(y, a!), y, b!), concat([y, a!], 1), reshape(y, [8, 12]), reshape(y, [16, 6]), transpose(y)];
  }],
];

/** Programs in which an engine may join steps, or give operands unexpanded. */
export const samplePrograms: readonly ProgramSample[] = [
  ['a convolution and its bias', [[2, 3, 4, 4], [2, 3, 2, 2], [2]], ([x, w, b]) => [add(conv(x!, w!), biasOf(b!))]],
  ['a bias in front of its convolution', [[2, 3, 4, 4], [2, 3, 2, 2], [2]], ([x, w, b]) => [add(biasOf(b!), conv(x!, w!))]],
  ['a convolution that is needed without its bias too', [[2, 3, 4, 4], [2, 3, 2, 2], [2]], ([x, w, b]) => {
    const y = conv(x!, w!);
    return [add(y, biasOf(b!)), tanh(y)];
  }],
  ['a convolution that is an output besides', [[1, 1, 3, 3], [2, 1, 2, 2], [2]], ([x, w, b]) => {
    const y = conv(x!, w!);
    return [y, add(y, biasOf(b!))];
  }],
  ['a convolution and a vector along its last axis', [[1, 2, 4, 3], [2, 2, 2, 2], [2]], ([x, w, b]) => [add(conv(x!, w!), b!)]],
  ['a convolution and a number', [[1, 2, 3, 3], [2, 2, 2, 2]], ([x, w]) => [add(conv(x!, w!), 0.5)]],
  ['two convolutions added', [[1, 2, 3, 3], [2, 2, 2, 2], [2, 2, 2, 2]], ([x, w, v]) => [add(conv(x!, w!), conv(x!, v!))]],
  ['a matrix product and a row', [[3, 4], [4, 2], [2]], ([a, b, c]) => [add(matmul(a!, b!), c!)]],
  ['a matrix product and a column', [[2, 4], [4, 2], [2, 1]], ([a, b, c]) => [add(matmul(a!, b!), c!)]],
  ['a matrix product of one column and a vector of one', [[3, 4], [4, 1], [1]], ([a, b, c]) => [add(matmul(a!, b!), c!)]],
  ['a batch of matrix products and a row', [[2, 3, 4], [2, 4, 2], [2]], ([a, b, c]) => [add(matmul(a!, b!), c!)]],
  ['products of transposed matrices', [[4, 3], [2, 4]], ([a, b]) => [matmul(transpose(a!), transpose(b!)), matmul(transpose(a!), b!, { transposeB: true })]],
  ['a product of a transposed batch', [[2, 4, 3], [2, 4, 2]], ([a, b]) => [matmul(transpose(a!, [0, 2, 1]), b!)]],
  ['a product of a batch whose other axes are exchanged', [[3, 2, 4], [2, 4, 2]], ([a, b]) => [matmul(transpose(a!, [1, 0, 2]), b!)]],
  ['a product of one matrix with itself', [[3, 3]], ([a]) => [matmul(a!, transpose(a!))]],
  ['operands that are both spread', [[3, 1], [1, 4]], ([a, b]) => [add(a!, b!), mul(a!, b!)]],
  ['operands that are spread to more than both', [[1, 3], [1, 3]], ([a, b]) => [add(a!.broadcastTo([2, 3]), b!.broadcastTo([2, 3]))]],
  ['a choice between spread operands', [[2, 3], [3], [2, 1]], ([a, b, c]) => [where(less(a!, 0), b!, c!)]],
  ['a comparison with a number', [[2, 3]], ([a]) => [cast(less(a!, 0.25), 'float32'), cast(equal(a!, a!), 'float32')]],
  ['an input that is an output, and the same twice', [[2, 2]], ([a]) => [mul(a!, 1), neg(a!), neg(a!)]],
  ['a constant that is an output', [[2]], ([a]) => [full([2, 3], 0.5).mul(2), a!.mul(3)]],
  ['a spread number that is an output', [[2]], ([a]) => [sub(a!, a!).mul(0).add(7), sum(a!).broadcastTo([2, 2])]],
  ['a chain of reshapes', [[2, 6]], ([a]) => [reshape(reshape(reshape(a!, [3, 4]), [12]), [6, 2])]],
  ['parts that are joined again', [[2, 6]], ([a]) => [concat([slice(a!, [0, 3], [2, 6]), slice(a!, [0, 0], [2, 3])], 1)]],
  ['a softmax and its gradient', [[3, 4], [3, 4]], ([a, g]) => [softmax(a!), ...vjp([softmax(a!)], [a!], [g!])]],
  ['a small net and all its gradients', [[2, 1, 6, 6], [2, 1, 3, 3], [2], [3, 8], [3], [2, 3]], ([x, w, b, v, c, g]) => {
    const pooled = maxPool(tanh(add(conv(x!, w!), biasOf(b!))), { kernel: [2, 2], strides: 2 });
    const y = add(matmul(reshape(pooled, [2, 8]), v!, { transposeB: true }), c!);
    return [y, ...vjp([y], [x!, w!, b!, v!, c!], [g!])];
  }],
  ['overlapping pooling with its gradient', [[1, 2, 5, 5], [1, 2, 2, 2]], ([x, g]) => {
    const y = maxPool(x!, { kernel: [3, 3], strides: 2 });
    return [y, ...vjp([y], [x!], [g!])];
  }],
  ['pooling after growing functions, with their gradients', [[2, 2, 4, 4], [2, 2, 2, 2]], ([x, g]) =>
    [tanh, sigmoid, exp].flatMap((growing) => {
      const y = maxPool(growing(x!), { kernel: [2, 2], strides: 2 });
      return [y, ...vjp([y], [x!], [g!])];
    })],
  ['pooling after a growing function that is needed itself', [[1, 2, 4, 4], [1, 2, 2, 2]], ([x, g]) => {
    const h = tanh(x!);
    const y = maxPool(h, { kernel: [2, 2], strides: 2 });
    return [y, h, ...vjp([y], [x!, h], [g!])];
  }],
  ['pooling ties after a growing function', [[1, 1, 2, 2]], ([g]) => {
    const x = full([1, 1, 4, 4], 0.5);
    return vjp([maxPool(tanh(x), { kernel: [2, 2], strides: 2 })], [x], [g!]);
  }],
  ...batchLastPrograms,
  ['rows chosen by computed indices', [[4, 2], [3]], ([a, i]) => [gather(a!, cast(maximum(i!, 0), 'int32'))]],
];
