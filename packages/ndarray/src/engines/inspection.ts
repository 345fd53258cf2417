import type { NDArray } from '../ndarray.js';
import type { NamedArrays } from './onnx/export-model.js';
import type { RunProfile } from './onnx/profile.js';

/**
 * Bytes of an ONNX file (operator set 18) that computes the named outputs from the named inputs, in plain ONNX operators. What else they were recorded from
 * (weights, index tables) stands in the file with its present numbers. Nothing recorded changes.
 *
 * @param inputs arrays that hold numbers or nothing yet (`placeholder`): each that an output depends on becomes an input of its shape.
 * @throws RangeError where an input is computed from something, where two inputs are one array, where an output has the name of an input, and for a
 * placeholder that is no input.
 */
export async function encodeOnnx(inputs: NamedArrays, outputs: NamedArrays): Promise<Uint8Array> {
  return (await import('./onnx/export-model.js')).exportModel(inputs, outputs);
}

/**
 * Time spent in each operator of the program that computes the arrays, in milliseconds, from the engine's own profile, and facts about the program: the mean
 * of `runs` (5) behind a first one, on `device` (cpu). It runs in a session of its own; the arrays stay as they are.
 *
 * @throws Error where the native ONNX Runtime is missing, which alone writes profiles.
 */
export async function profile(
  arrays: readonly NDArray[],
  { runs = 5, device = 'cpu' }: { readonly runs?: number; readonly device?: 'cpu' | 'webgpu' } = {},
): Promise<RunProfile> {
  return (await import('./onnx/profile.js')).profileArrays(arrays, { runs, device });
}
