import type { Tensor } from '@tensorflow/tfjs-core';
import { currentEngine } from './engines/registry.js';
import { TfjsEngine } from './engines/tfjs/tfjs-engine.js';
import { array, NDArray } from './ndarray.js';
import { engineBufferOf } from './program/evaluation.js';
import { Value } from './recording/value.js';

const dtypes = ['float32', 'int32', 'bool'] as const;

/**
 * An array with a tensor's numbers and shape: on the tensor's own memory where the engine is `tfjs`, a copy on any other. The tensor stays the caller's, to
 * dispose of at any time.
 *
 * @throws RangeError for an element type that arrays do not have (`string`, `complex64`).
 */
export async function fromTensor(tensor: Tensor): Promise<NDArray> {
  const dtype = dtypes.find((each) => each === tensor.dtype);
  if (!dtype) throw new RangeError(`fromTensor: a tensor of ${tensor.dtype} is no array; arrays hold ${dtypes.join(', ')}: tf.cast converts`);
  const engine = await currentEngine();
  if (!(engine instanceof TfjsEngine)) return array((await tensor.data<'int32'>()).slice(), { shape: tensor.shape, dtype });
  return new NDArray(new Value([...tensor.shape], dtype, { storage: { buffer: engine.adopt(tensor.clone(), dtype), claims: Infinity } }));
}

/**
 * A tensor of the same shape on an array's memory, which is computed first where it is pending. The tensor is the caller's, to dispose of; bytes (`uint8`)
 * come as `int32`.
 *
 * @throws Error unless the engine is `tfjs`.
 */
export async function toTensor(source: NDArray): Promise<Tensor> {
  const engine = await currentEngine();
  if (!(engine instanceof TfjsEngine)) throw new Error(`toTensor: the engine is ${engine.name}, which has no tensors; await useEngine('tfjs') first`);
  return engine.share(await engineBufferOf(source.value, engine));
}
