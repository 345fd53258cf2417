import { arange, formatShape, gather, less, mul, reshape, stopGradient, truncate, where, type NDArray } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import { bool, float, int } from '../parameters/index.js';

const common = {
  use_sequence_length: bool('Whether sequences have lengths of their own; else they are whole.', { fallback: false }),
  axis: int('The axis of time, 0 or 1; the other one is the batch.', { fallback: 0, minimum: 0, maximum: 1 }),
};
const inputs = ({ use_sequence_length }: { readonly use_sequence_length: boolean }) => (use_sequence_length ? ['data', 'sequence_length'] : ['data']);

/** Steps behind a sequence's length become `value` (MXNet `SequenceMask`). */
export const sequenceMaskOperator = defineOperator({
  name: 'SequenceMask',
  parameters: { ...common, value: float('What stands there.', { fallback: 0 }) },
  inputs,
  record: ({ inputs: [data, lengths], parameters: { axis, value } }) => {
    if (!lengths) return [data!];
    const { steps, ends } = along(data!, lengths, axis);
    return [where(less(steps, ends), data!, value)];
  },
});

/** The last step of each sequence (MXNet `SequenceLast`). */
export const sequenceLastOperator = defineOperator({
  name: 'SequenceLast',
  parameters: common,
  inputs,
  record: ({ inputs: [data, lengths], parameters: { axis } }) => {
    const [time, batch, ...rest] = timeFirst(data!, axis).shape as [number, number, ...number[]];
    const flat = reshape(timeFirst(data!, axis), [time * batch, ...rest]);
    const last = lengths ? truncate(stopGradient(lengths)).sub(1) : arange(batch).mul(0).add(time - 1);
    // Step t of sequence n stands at t·batch + n.
    return [gather(flat, last.cast('int32').mul(batch).add(arange(batch)), 0)];
  },
});

/** Each sequence backwards; the steps behind its length stay (MXNet `SequenceReverse`). */
export const sequenceReverseOperator = defineOperator({
  name: 'SequenceReverse',
  parameters: { ...common, axis: int('The axis of time, which is 0.', { fallback: 0, minimum: 0, maximum: 0 }) },
  inputs,
  record: ({ inputs: [data, lengths] }) => {
    const [time, batch, ...rest] = timeFirst(data!, 0).shape as [number, number, ...number[]];
    const steps = reshape(arange(time), [time, 1]);
    const ends = lengths ? truncate(stopGradient(lengths)).cast('int32') : arange(batch).mul(0).add(time);
    const ended = less(steps, ends);
    const source = where(ended, ends.sub(1).sub(steps), steps.add(arange(batch).mul(0)));
    const flat = reshape(data!, [time * batch, ...rest]);
    return [reshape(gather(flat, reshape(mul(source, batch).add(arange(batch)), [time * batch]), 0), data!.shape)];
  },
});

/** The number of each step, and where each sequence ends, to be compared over data's axes. */
function along(data: NDArray, lengths: NDArray, axis: number): { readonly steps: NDArray; readonly ends: NDArray } {
  timeFirst(data, axis);
  const other = 1 - axis;
  const only = (kept: number) => data.shape.map((length, one) => (one === kept ? length : 1));
  return { steps: reshape(arange(data.shape[axis]!), only(axis)), ends: reshape(truncate(stopGradient(lengths)).cast('int32'), only(other)) };
}

function timeFirst(data: NDArray, axis: number): NDArray {
  if (data.shape.length < 2) throw new RangeError(`data ${formatShape(data.shape)} needs an axis of time and one of the batch`);
  return axis === 0 ? data : data.transpose([1, 0, ...data.shape.slice(2).map((_, one) => one + 2)]);
}
