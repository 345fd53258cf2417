import type { Tensor } from 'onnxruntime-common';
import { allocate } from '../../dtype.js';
import type { Signature } from '../../primitives/shape-rules.js';
import { sizeOf } from '../../shape.js';
import type { Engine, EngineBuffer } from '../engine.js';

/** A buffer as the engine `onnx` has them. */
export interface OnnxBuffer extends EngineBuffer {
  readonly tensor: Tensor;
}

/** Host memory of its own for a result. */
export function emptyBuffer(engine: Engine, { shape, dtype }: Signature): OnnxBuffer {
  return engine.upload(allocate(dtype, sizeOf(shape)), shape, dtype) as OnnxBuffer;
}
