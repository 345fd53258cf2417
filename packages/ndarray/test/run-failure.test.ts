import { expect, it } from 'vitest';
import { runFailure } from '../src/engines/run-failure.js';

it.each<[claim: string, words: string, says: RegExp]>([
  ['memory of ONNX Runtime', 'Failed to allocate memory for requested buffer of size 4000000000', /memory is exhausted: take a smaller batch/],
  ['memory of TensorFlow', 'OOM when allocating tensor with shape[128,20]\nstack', /memory is exhausted.*The library says: OOM when allocating/],
  ['memory of WebAssembly', 'RuntimeError: memory access out of bounds', /memory is exhausted/],
  ['memory of JavaScript', 'Array buffer allocation failed', /memory is exhausted/],
  ['a lost WebGPU device', 'Device was lost: driver reset', /device is lost, and with it every array on it: .*go on from the last checkpoint/],
  ['a lost WebGPU device, read from', "Failed to execute 'mapAsync' on 'GPUBuffer': A valid external Instance reference no longer exists.", /device is lost/],
  ['a lost CUDA device', 'CUDA_ERROR_LAUNCH_FAILED: unspecified launch failure', /device is lost/],
  ['anything else', 'no kernel\nfor this', /could not run a program of 3 steps: no kernel$/],
])('%s is named with the way out, and the library\'s words stay', (_, words, says) => {
  const cause = new Error(words);
  const failure = runFailure('engine x (y)', 'run a program of 3 steps', cause);
  expect(failure.message).toMatch(says);
  expect(failure.message).toMatch(/^engine x \(y\) could not run a program of 3 steps: /);
  expect(failure.cause).toBe(cause);
});
