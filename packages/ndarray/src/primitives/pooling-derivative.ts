import { add, binary, expandReduced, filled, gather, keepWhere, mul, pad, reduce, reshape } from '../recording/steps.js';
import { record } from '../recording/record.js';
import type { Value } from '../recording/value.js';
import { sizeOf, stridesOf } from '../shape.js';
import type { WindowAttributes } from './primitive.js';

/**
 * The transpose of spreading a pooling's gradient: from an array like the input, each window takes the element where its first maximum stands. What
 * `maxPoolGradient` is differentiated by, for the gradient it spreads; with respect to the numbers that are compared it is piecewise constant.
 */
export function pickMaxima(x: Value, from: Value, attributes: WindowAttributes, pooledShape: readonly number[]): Value {
  const columns = windowColumns(x, attributes, -Infinity);
  const values = windowColumns(from, attributes, 0);
  const taps = columns.shape[2]!;
  const first = record('argMax', { axis: 2 }, [columns]);
  const places = record('iota', { length: taps }, []);
  const isFirst = binary('equal', expandTo(reshape(places, [1, 1, taps]), columns.shape), expandReduced(first, columns.shape, [2]));
  return reshape(reduce('reduceSum', keepWhere(isFirst, values), [2]), pooledShape);
}

function expandTo(x: Value, shape: readonly number[]): Value {
  return record('broadcastTo', { shape }, [x]);
}

/** [batch·channels, windows, elements of a window], padded with a number. */
function windowColumns(x: Value, { kernel, strides, padsBefore, padsAfter }: WindowAttributes, padding: number): Value {
  const padded = pad(x, [0, 0, ...padsBefore], [0, 0, ...padsAfter], padding);
  const spatial = padded.shape.slice(2);
  const counts = kernel.map((length, axis) => Math.floor((spatial[axis]! - length) / strides[axis]!) + 1);
  const inputStrides = stridesOf(spatial);
  // Position of every element of every window, [windows…, window…]: a sum over axes, of which the engine makes a constant.
  const grid = [...counts, ...kernel];
  const alongAxis = (axis: number, step: number): Value => {
    const positions = mul(record('iota', { length: grid[axis]! }, []), filled(step, [grid[axis]!], 'int32'));
    return expandTo(reshape(positions, grid.map((length, i) => (i === axis ? length : 1))), grid);
  };
  const steps = [...strides.map((stride, axis) => stride * inputStrides[axis]!), ...inputStrides];
  const positions = steps.map((step, axis) => alongAxis(axis, step)).reduce((total, each) => add(total, each));
  const indices = reshape(positions, [sizeOf(counts), sizeOf(kernel)]);
  return gather(reshape(padded, [x.shape[0]! * x.shape[1]!, sizeOf(spatial)]), indices, 1);
}
