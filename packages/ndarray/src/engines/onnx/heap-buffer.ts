import type { Tensor, TensorConstructor } from 'onnxruntime-common';
import type { Signature } from '../../primitives/shape-rules.js';
import { sizeOf } from '../../shape.js';
import type { EngineBuffer, Engine } from '../engine.js';
import type { Block, Heap } from '../loops/heap.js';

/** A float32 array in the heap that loops work on. */
export class HeapBuffer implements EngineBuffer {
  #tensor: Tensor | undefined;

  constructor(
    readonly engine: Engine,
    readonly block: Block,
    private readonly heap: Heap,
    private readonly shape: Signature['shape'],
    private readonly Tensor: TensorConstructor,
  ) {}

  /** The array as ONNX Runtime takes it, for as long as the heap does not grow. */
  get tensor(): Tensor {
    if ((this.#tensor?.data as Float32Array | undefined)?.buffer !== this.heap.bytes.buffer) {
      this.#tensor = new this.Tensor('float32', this.heap.view(this.block, sizeOf(this.shape)), [...this.shape]);
    }
    return this.#tensor!;
  }
}
