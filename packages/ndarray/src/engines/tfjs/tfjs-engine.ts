import type { Tensor } from '@tensorflow/tfjs-core';
import type { DType, TypedArray } from '../../dtype.js';
import { nameOf, type Program, signatureOf } from '../../program/program.js';
import { rewrite } from '../../program/rewrite.js';
import { formatShape, type Shape } from '../../shape.js';
import { BufferCollector } from '../buffer-collector.js';
import type { Compiled, Engine, EngineBuffer } from '../engine.js';
import type { EngineOptions } from '../registry.js';
import { runFailure } from '../run-failure.js';
import { backends, isBackendName, loadBackend, loadBestBackend, type LoadedBackend } from './backends.js';
import { KernelProgram } from './kernel-program.js';
import { lowerProgram } from './lower-program.js';

interface TfjsBuffer extends EngineBuffer {
  readonly tensor: Tensor;
  readonly dtype: DType;
}

/** Runs programs as calls of TensorFlow.js's kernels, on the back end that was loaded. All tensors are its own. */
export class TfjsEngine implements Engine {
  readonly name = 'tfjs';
  readonly #collector = new BufferCollector();

  constructor(private readonly loaded: LoadedBackend) {}

  get device(): string {
    return this.loaded.device;
  }

  /** `node-gpu`, `node`, `webgpu`, `wasm` or `cpu`. */
  get backend(): string {
    return this.loaded.name;
  }

  /** The package that runs the kernels. */
  get packageName(): string {
    return this.loaded.packageName;
  }

  async compile(program: Program): Promise<Compiled> {
    const tf = this.#tensorFlow();
    const rewritten = rewrite(program);
    let compiled: KernelProgram;
    try {
      const lowered = lowerProgram(rewritten, this.loaded.hasKernel);
      compiled = new KernelProgram(tf, lowered, program.inputs.length);
    } catch (cause) {
      throw this.#failure(`compile ${nameOf(program)}`, cause);
    }
    const dtypes = program.outputs.map((number) => signatureOf(program, number).dtype);
    return {
      run: async (inputs) => {
        await this.#collector.collectWhenDue();
        this.#tensorFlow();
        try {
          return compiled.run(inputs.map((input) => (input as TfjsBuffer).tensor)).map((tensor, i) => this.adopt(tensor, dtypes[i]!));
        } catch (cause) {
          throw this.#failure(`run ${nameOf(program)}`, cause);
        }
      },
      release: async () => compiled.release(),
    };
  }

  upload(data: TypedArray, shape: Shape, dtype: DType): EngineBuffer {
    return this.adopt(this.#tensorFlow().tensor(data, [...shape], dtype === 'uint8' ? 'int32' : dtype), dtype);
  }

  async read(buffer: EngineBuffer): Promise<TypedArray> {
    const { tensor, dtype } = buffer as TfjsBuffer;
    const data = (await tensor.data().catch((cause: unknown) => {
      throw this.#failure(`read an array of shape ${formatShape(tensor.shape)}`, cause);
    })) as TypedArray;
    if (dtype === 'uint8') return Uint8Array.from(data);
    // WebAssembly and WebGPU copy; the others give out their own memory.
    return this.backend === 'wasm' || this.backend === 'webgpu' ? data : data.slice();
  }

  free(buffer: EngineBuffer): void {
    const { tensor } = buffer as TfjsBuffer;
    this.#collector.free(buffer, bytesOf(tensor), () => tensor.dispose());
  }

  /** A buffer over a tensor that nobody else will dispose of. */
  adopt(tensor: Tensor, dtype: DType): EngineBuffer {
    const buffer: TfjsBuffer = { engine: this, tensor, dtype };
    this.#collector.adopt(buffer, bytesOf(tensor), () => tensor.dispose());
    return buffer;
  }

  /** Another tensor on the same memory. */
  share(buffer: EngineBuffer): Tensor {
    return (buffer as TfjsBuffer).tensor.clone();
  }

  /** TensorFlow.js with this engine's back end on: another engine may have put on its own. */
  #tensorFlow(): LoadedBackend['tf'] {
    const { tf, registeredName } = this.loaded;
    if (tf.getBackend() !== registeredName) void tf.setBackend(registeredName);
    return tf;
  }

  #failure(action: string, cause: unknown): Error {
    return runFailure(`engine tfjs (${this.packageName})`, action, cause);
  }
}

function bytesOf({ size, dtype }: Tensor): number {
  return size * (dtype === 'bool' ? 1 : 4);
}

/** Loads TensorFlow.js with the back end that is named, else the best that is installed. */
export async function createTfjsEngine({ backend, device, threads }: EngineOptions): Promise<Engine> {
  if (backend !== undefined && !isBackendName(backend)) throw new RangeError(`engine tfjs has no back end '${backend}'; choose ${Object.keys(backends).join(', ')}`);
  const loaded = await (backend === undefined ? loadBestBackend(threads) : loadBackend(backend, threads));
  if (device !== undefined && device !== loaded.device) {
    throw new RangeError(`engine tfjs runs on device '${loaded.device}' with back end '${loaded.name}', not on '${device}'; choose the back end instead: ${Object.keys(backends).join(', ')}`);
  }
  return new TfjsEngine(loaded);
}
