import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { DType, TypedArray } from '../../dtype.js';
import type { Program } from '../../program/program.js';
import { rewrite } from '../../program/rewrite.js';
import type { Shape } from '../../shape.js';
import type { Compiled, Engine, EngineBuffer } from '../engine.js';
import type { EngineOptions } from '../registry.js';
import { lowerProgram } from './lower-program.js';
import { writeModel } from './model-writer.js';
import { loadNative, loadWeb, type LoadedRuntime, type SessionOptions } from './runtime.js';

interface OnnxBuffer extends EngineBuffer {
  readonly tensor: Tensor;
}

/** Runs programs as ONNX models in ONNX Runtime: natively in Node, else as WebAssembly, in Node and in a page. */
class OnnxEngine implements Engine {
  readonly device = 'cpu';

  constructor(
    readonly name: string,
    private readonly loaded: LoadedRuntime,
    private readonly options: SessionOptions,
  ) {}

  /** The package that runs the models. */
  get packageName(): string {
    return this.loaded.packageName;
  }

  async compile(program: Program): Promise<Compiled> {
    const model = writeModel(lowerProgram(rewrite(program)));
    const session = await this.loaded.runtime.InferenceSession.create(model, this.options).catch((cause: unknown) => this.#fail('compile', program, cause));
    return {
      run: async (inputs) => {
        const feeds: Record<string, Tensor> = {};
        inputs.forEach((input, i) => (feeds[`i${i}`] = (input as OnnxBuffer).tensor));
        const results: InferenceSession.ReturnType = await session.run(feeds).catch((cause: unknown) => this.#fail('run', program, cause));
        return program.outputs.map((_, i): OnnxBuffer => ({ engine: this, tensor: results[`o${i}`]! as Tensor }));
      },
      release: () => session.release(),
    };
  }

  upload(data: TypedArray, shape: Shape, dtype: DType): OnnxBuffer {
    const { Tensor } = this.loaded.runtime;
    return { engine: this, tensor: new Tensor(dtype, data, [...shape]) };
  }

  async read(buffer: EngineBuffer): Promise<TypedArray> {
    return ((await (buffer as OnnxBuffer).tensor.getData()) as TypedArray).slice();
  }

  free(buffer: EngineBuffer): void {
    (buffer as OnnxBuffer).tensor.dispose();
  }

  /** One line about what went wrong; the library's own words stay in `cause`. */
  #fail(action: string, program: Program, cause: unknown): never {
    const [line] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new Error(`engine ${this.name} (${this.packageName}) could not ${action} a program of ${program.steps.length} steps: ${line}`, { cause });
  }
}

/** How many threads a run may use unless told: one a processor. */
async function availableThreads(): Promise<number> {
  if (globalThis.process?.versions?.node) return (await import('node:os')).availableParallelism();
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? 1;
}

/** Loads ONNX Runtime: `onnx` prefers the native package, `onnx-web` takes the WebAssembly one. */
export async function createOnnxEngine(name: 'onnx' | 'onnx-web', { device = 'cpu', threads, profile }: EngineOptions): Promise<Engine> {
  if (device !== 'cpu') throw new RangeError(`engine ${name} has no device '${device}'; use device 'cpu'`);
  const intraOpNumThreads = threads ?? (await availableThreads());
  const loaded = (name === 'onnx' ? await loadNative() : undefined) ?? (await loadWeb(intraOpNumThreads));
  return new OnnxEngine(name, loaded, {
    executionProviders: [loaded.provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads,
    logSeverityLevel: 3,
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  });
}
