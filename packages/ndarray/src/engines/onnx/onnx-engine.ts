import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { DType, TypedArray } from '../../dtype.js';
import { nameOf, type Program } from '../../program/program.js';
import { rewrite } from '../../program/rewrite.js';
import { formatShape, type Shape } from '../../shape.js';
import type { Compiled, Engine, EngineBuffer } from '../engine.js';
import type { EngineOptions } from '../registry.js';
import { runFailure } from '../run-failure.js';
import { DeviceMemory } from './device-memory.js';
import { HeldSession } from './held-session.js';
import { lowerProgram } from './lower-program.js';
import { writeModel } from './model-writer.js';
import { availableThreads, loadNative, loadWeb, type LoadedRuntime, type OnnxDevice, type SessionOptions } from './runtime.js';
import { requireWebGpu } from './webgpu.js';

interface OnnxBuffer extends EngineBuffer {
  readonly tensor: Tensor;
}

/** Runs programs as ONNX models in ONNX Runtime: natively in Node, else as WebAssembly, in Node and in a page. */
class OnnxEngine implements Engine {
  readonly #memory: DeviceMemory;

  constructor(
    readonly name: string,
    readonly device: OnnxDevice,
    private readonly loaded: LoadedRuntime,
    private readonly options: SessionOptions,
  ) {
    this.#memory = new DeviceMemory(loaded, options);
  }

  /** The package that runs the models. */
  get packageName(): string {
    return this.loaded.packageName;
  }

  async compile(program: Program): Promise<Compiled> {
    const model = writeModel(lowerProgram(rewrite(program), this.device));
    const session = new HeldSession(await this.loaded.runtime.InferenceSession.create(model, this.options).catch((cause: unknown) => this.#fail(`compile ${nameOf(program)}`, cause)));
    return {
      run: async (inputs) => {
        const feeds: Record<string, Tensor> = {};
        inputs.forEach((input, i) => (feeds[`i${i}`] = (input as OnnxBuffer).tensor));
        const results: InferenceSession.ReturnType = await session.run(feeds).catch((cause: unknown) => this.#fail(`run ${nameOf(program)}`, cause));
        return program.outputs.map((_, i) => this.#memory.adopt({ engine: this, tensor: results[`o${i}`]! as Tensor }, session));
      },
      release: () => session.release(),
    };
  }

  upload(data: TypedArray, shape: Shape, dtype: DType): OnnxBuffer {
    const { Tensor } = this.loaded.runtime;
    return { engine: this, tensor: new Tensor(dtype, data, [...shape]) };
  }

  async read(buffer: EngineBuffer): Promise<TypedArray> {
    const { tensor } = buffer as OnnxBuffer;
    const data = await this.#memory.read(tensor).catch((cause: unknown) => this.#fail(`read an array of shape ${formatShape(tensor.dims)}`, cause));
    return data.slice();
  }

  free(buffer: EngineBuffer): void {
    this.#memory.release(buffer as OnnxBuffer);
  }

  #fail(action: string, cause: unknown): never {
    throw runFailure(`engine ${this.name} (${this.packageName})`, action, cause);
  }
}

const devices: readonly string[] = ['cpu', 'webgpu'] satisfies OnnxDevice[];

/**
 * Loads ONNX Runtime: `onnx` prefers the native package, `onnx-web` takes the WebAssembly one.
 *
 * @throws RangeError for a device it does not have; Error saying what to do where there is no WebGPU adapter.
 */
export async function createOnnxEngine(name: 'onnx' | 'onnx-web', { device = 'cpu', threads, profile }: EngineOptions): Promise<Engine> {
  if (!devices.includes(device)) throw new RangeError(`engine ${name} has no device '${device}'; choose ${devices.join(' or ')}`);
  const chosen = device as OnnxDevice;
  const intraOpNumThreads = threads ?? availableThreads();
  const loaded = (name === 'onnx' ? await loadNative(chosen) : undefined) ?? (await loadWeb(chosen, intraOpNumThreads));
  const options: SessionOptions = {
    executionProviders: [loaded.provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads,
    logSeverityLevel: 3,
    ...(chosen === 'webgpu' ? { preferredOutputLocation: 'gpu-buffer' } : {}),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
  if (chosen === 'webgpu') await requireWebGpu(name, loaded, options);
  return new OnnxEngine(name, chosen, loaded, options);
}
