/**
 * Consecutive slices [begin, end) of a batch for devices, sized by their work loads: shares are rounded half to even and the last slice takes what is
 * left (MXNet `_split_input_slice`).
 *
 * @throws RangeError where a slice would be empty.
 */
export function splitBatch(batchSize: number, workLoads: readonly number[]): (readonly [number, number])[] {
  const total = workLoads.reduce((sum, load) => sum + load, 0);
  const shares = workLoads.map((load) => roundHalfToEven((load * batchSize) / total));
  const missing = batchSize - shares.reduce((sum, share) => sum + share, 0);
  if (missing > 0 && shares.length > 0) shares[shares.length - 1]! += missing;
  let end = 0;
  return shares.map((share, device) => {
    const begin = Math.min(end, batchSize);
    end = Math.min(begin + share, batchSize);
    if (begin >= end) {
      throw new RangeError(
        `splitBatch: a batch of ${batchSize} over work loads [${workLoads.join(', ')}] leaves nothing for device ${device}; use fewer devices or larger batches`,
      );
    }
    return [begin, end] as const;
  });
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return value % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
