import type { TensorConstructor } from 'onnxruntime-common';
import type { Signature } from '../../primitives/shape-rules.js';
import type { Program } from '../../program/program.js';
import { sizeOf } from '../../shape.js';
import type { Engine, EngineBuffer } from '../engine.js';
import { type Block, Heap } from '../loops/heap.js';
import { codeKey, loopModule } from '../loops/loop-code.js';
import { type Loop, type LoopedProgram, takeLoops } from '../loops/loop.js';
import { webAssembly } from '../loops/web-assembly.js';
import { runFailure } from '../run-failure.js';
import { HeapBuffer } from './heap-buffer.js';
import type { OnnxBuffer } from './onnx-buffer.js';

/** Runs a loop over what it reads and, behind, what it writes, in its order. */
export type RunLoop = (buffers: readonly OnnxBuffer[], numbers: readonly number[]) => void;

type LoopFunction = (bytes: number, ...pointersAndNumbers: readonly number[]) => void;

/** Steps above which a loop stays with ONNX Runtime: nobody's update is as long, but steps that were never read in between are. */
const mostSteps = 1000;

/** Elements at a time of arrays outside the heap: they stay in the cache between copy and loop. */
const stageSize = 16384;

/** Runs what of programs is loops, in WebAssembly: one pass where ONNX Runtime makes one a step. */
export class LoopRunner {
  readonly #heap = new Heap();
  readonly #functions = new Map<string, LoopFunction>();
  readonly #stages: Block[] = [];
  readonly #abandoned = new FinalizationRegistry<Block>((block) => this.#heap.release(block));

  private constructor(
    readonly engine: Engine,
    private readonly Tensor: TensorConstructor,
    private readonly threads: number,
  ) {}

  /** Undefined where there is no WebAssembly with vectors. */
  static start(engine: Engine, Tensor: TensorConstructor, threads: number): LoopRunner | undefined {
    try {
      const runner = new LoopRunner(engine, Tensor, threads);
      runner.#functionOf({ size: 1, arrays: [0], numbers: [], steps: [{ primitive: 'neg', operands: [0] }], results: [{ output: 0, from: 1 }] });
      return runner;
    } catch {
      return undefined;
    }
  }

  /** What of a program is loops; undefined where nothing is. */
  take(program: Program): LoopedProgram | undefined {
    let { room } = this.#heap;
    return takeLoops(program, (loop) => {
      const bytes = loop.size * Float32Array.BYTES_PER_ELEMENT * (loop.arrays.length + 2 * loop.results.length);
      if (bytes > room || !pays(loop, this.threads)) return false;
      room -= bytes;
      return true;
    });
  }

  /** Compiles a loop, and makes room for arrays of its outside the heap. */
  prepare(loop: Loop): RunLoop {
    const run = this.#functionOf(loop);
    while (this.#stages.length < loop.arrays.length + loop.results.length) this.#stages.push(this.#heap.allocate(stageSize));
    const bytes = loop.size * Float32Array.BYTES_PER_ELEMENT;
    // One list for all runs: they come one after the other, each in a step of some microseconds.
    const given: number[] = [];
    return (buffers, numbers) => {
      given.length = 0;
      for (const buffer of buffers) {
        if (!(buffer instanceof HeapBuffer)) return this.#runStaged(run, loop, buffers, numbers);
        given.push(buffer.block.offset);
      }
      given.push(...numbers);
      run(bytes, ...given);
    };
  }

  /**
   * A buffer in the heap until nobody refers to it any more, or it is freed. Where the heap grows, tensors taken of buffers end.
   *
   * @throws Error that says what to do where memory is exhausted.
   */
  allocate({ shape }: Signature): HeapBuffer {
    const buffer = new HeapBuffer(this.engine, this.#take(sizeOf(shape)), this.#heap, shape, this.Tensor);
    this.#abandoned.register(buffer, buffer.block, buffer);
    return buffer;
  }

  #take(size: number): Block {
    try {
      return this.#heap.allocate(size);
    } catch (cause) {
      throw runFailure(`engine ${this.engine.name}`, 'run an update', cause);
    }
  }

  /** Gives the memory back at once where it is the heap's. */
  free(buffer: EngineBuffer): void {
    if (buffer instanceof HeapBuffer && this.#abandoned.unregister(buffer)) this.#heap.release(buffer.block);
  }

  /** A stretch after the other: of arrays outside the heap, those that the loop reads are copied in before, the others out after. */
  #runStaged(run: LoopFunction, { size, arrays }: Loop, buffers: readonly OnnxBuffer[], numbers: readonly number[]): void {
    const places = buffers.map((buffer, i) =>
      buffer instanceof HeapBuffer ? { offset: buffer.block.offset } : { stage: this.#stages[i]!, data: buffer.tensor.data as Float32Array });
    for (let start = 0; start < size; start += stageSize) {
      const length = Math.min(stageSize, size - start);
      places.slice(0, arrays.length).forEach(({ stage, data }) => stage && this.#heap.view(stage, length).set(data.subarray(start, start + length)));
      run(length * Float32Array.BYTES_PER_ELEMENT, ...places.map(({ stage, offset }) => stage?.offset ?? offset! + start * Float32Array.BYTES_PER_ELEMENT), ...numbers);
      places.slice(arrays.length).forEach(({ stage, data }) => stage && data.set(this.#heap.view(stage, length), start));
    }
  }

  #functionOf(loop: Loop): LoopFunction {
    const key = codeKey(loop);
    let compiled = this.#functions.get(key);
    if (!compiled) {
      const { Instance, Module } = webAssembly();
      const { exports } = new Instance(new Module(loopModule(loop)), { host: { memory: this.#heap.memory } });
      this.#functions.set(key, (compiled = exports.run as LoopFunction));
    }
    return compiled;
  }
}

/**
 * Whether a loop takes less time than its steps one by one: one pass of ONNX Runtime takes 5 µs and 1 ns an element, shared by its threads; a loop 1.5 ns an
 * element on one thread, however many steps it has.
 */
function pays({ steps, size }: Loop, threads: number): boolean {
  return steps.length <= mostSteps && size * 1.5 <= steps.length * (5000 + size / threads);
}
