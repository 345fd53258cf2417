/** What a library says when something is gone for good or was too much, and the way out. */
const wayOut: readonly (readonly [pattern: RegExp, meaning: string, advice: string])[] = [
  [
    /out of memory|OOM|exceeds the max|RESOURCE_EXHAUSTED|bad_alloc|failed to allocate|allocation failed|could not allocate|memory access out of bounds|Array buffer allocation/i,
    'the memory is exhausted',
    'take a smaller batch, or accumulate gradients over several (gradReq \'add\')',
  ],
  [
    /device.*(lost|destroyed)|(lost|destroyed).*device|CUDA_ERROR|DXGI_ERROR_DEVICE|context lost|Instance reference no longer exists/i,
    'the device is lost, and with it every array on it',
    "choose an engine again, `await useEngine('onnx-web')` runs on the processor, and go on from the last checkpoint",
  ],
];

/**
 * One line about what went wrong and what to do about it; the library's own words stay in `cause`.
 *
 * @param action what failed, behind 'could not': `run a program of 3 steps`.
 */
export function runFailure(engine: string, action: string, cause: unknown): Error {
  const message = String(cause instanceof Error ? cause.message : cause);
  const known = wayOut.find(([pattern]) => pattern.test(message));
  const [line] = message.split('\n');
  const told = known ? `${known[1]}: ${known[2]}. The library says: ${line}` : line;
  return new Error(`${engine} could not ${action}: ${told}`, { cause });
}
