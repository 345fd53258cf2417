import type { InferenceSession, Tensor } from 'onnxruntime-common';
import type { DType, TypedArray } from '../../dtype.js';
import { nameOf, signatureOf, type Program } from '../../program/program.js';
import { rewrite } from '../../program/rewrite.js';
import { formatShape, type Shape } from '../../shape.js';
import type { Compiled, Engine, EngineBuffer } from '../engine.js';
import type { EngineOptions } from '../registry.js';
import { runFailure } from '../run-failure.js';
import { DeviceMemory } from './device-memory.js';
import { HeldSession } from './held-session.js';
import { JoinedProgram, type WholeProgram } from './joined-program.js';
import { LoopRunner } from './loop-runner.js';
import { lowerProgram } from './lower-program.js';
import { writeModel } from './model-writer.js';
import { emptyBuffer, type OnnxBuffer } from './onnx-buffer.js';
import { RefusedOutput } from './refused-output.js';
import { availableThreads, loadNative, loadWeb, type LoadedRuntime, type OnnxDevice, type SessionOptions } from './runtime.js';
import { requireWebGpu } from './webgpu.js';

/** Runs programs as ONNX models in ONNX Runtime: natively in Node, else as WebAssembly, in Node and in a page. */
class OnnxEngine implements Engine {
  readonly #memory: DeviceMemory;
  readonly #loops: LoopRunner | undefined;

  constructor(
    readonly name: string,
    readonly device: OnnxDevice,
    private readonly loaded: LoadedRuntime,
    private readonly options: SessionOptions,
    private readonly refused: RefusedOutput | undefined,
  ) {
    this.#memory = new DeviceMemory(loaded, options);
    // Loops read what ONNX Runtime has written to memory of theirs.
    this.#loops = refused && LoopRunner.start(this, loaded.runtime.Tensor, options.intraOpNumThreads ?? 1);
  }

  get usesSpares(): boolean {
    return this.refused !== undefined;
  }

  /** The package that runs the models. */
  get packageName(): string {
    return this.loaded.packageName;
  }

  async compile(program: Program): Promise<Compiled> {
    const rewritten = rewrite(program);
    const looped = this.#loops?.take(rewritten);
    if (!looped) return (await this.#compileWhole(rewritten)) as Compiled;
    return new JoinedProgram(this.#loops!, rewritten, looped, looped.before.outputs.length === 0 ? undefined : await this.#compileWhole(looped.before));
  }

  /** @param program to be run by ONNX Runtime as it is. */
  async #compileWhole(program: Program): Promise<WholeProgram> {
    const graph = lowerProgram(program, this.device);
    const model = writeModel(this.refused?.before(graph) ?? graph);
    const session = new HeldSession(await this.loaded.runtime.InferenceSession.create(model, this.options).catch((cause: unknown) => this.#fail(`compile ${nameOf(program)}`, cause)));
    const inputNames = program.inputs.map((_, i) => `i${i}`);
    const names = program.outputs.map((_, i) => `o${i}`);
    const fail = (cause: unknown): never => this.#fail(`run ${nameOf(program)}`, cause);
    return {
      run: async (inputs, given = []) => {
        const feeds: Record<string, Tensor> = {};
        inputs.forEach((input, i) => (feeds[inputNames[i]!] = input.tensor));
        if (this.refused && given.some((buffer) => buffer !== undefined)) {
          const buffers = program.outputs.map((number, i) => given[i] ?? emptyBuffer(this, signatureOf(program, number)));
          await this.refused.runInto(session, feeds, Object.fromEntries(names.map((name, i) => [name, buffers[i]!.tensor]))).catch(fail);
          return buffers;
        }
        const results: InferenceSession.ReturnType = await session.run(feeds, names).catch(fail);
        return names.map((name) => this.#memory.adopt({ engine: this, tensor: results[name]! as Tensor }, session));
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
    // At once: by the time that a promise gives the data, a run may have used the memory.
    if (tensor.location === 'cpu') return (tensor.data as TypedArray).slice();
    const data = await this.#memory.read(tensor).catch((cause: unknown) => this.#fail(`read an array of shape ${formatShape(tensor.dims)}`, cause));
    return data.slice();
  }

  free(buffer: EngineBuffer): void {
    this.#loops?.free(buffer);
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
    ...loaded.sessionOptions,
    graphOptimizationLevel: 'all',
    intraOpNumThreads,
    ...(chosen === 'webgpu' ? { preferredOutputLocation: 'gpu-buffer' } : {}),
    ...(profile === undefined ? {} : { enableProfiling: true, profileFilePrefix: profile }),
  };
  if (chosen === 'webgpu') await requireWebGpu(name, loaded, options);
  const refused = loaded.packageName === 'onnxruntime-node' && chosen === 'cpu' ? await RefusedOutput.find(loaded) : undefined;
  return new OnnxEngine(name, chosen, loaded, options, refused);
}
