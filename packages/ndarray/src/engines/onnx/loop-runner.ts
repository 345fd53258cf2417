import type { TensorConstructor } from 'onnxruntime-common';
import type { Signature } from '../../primitives/shape-rules.js';
import type { Program } from '../../program/program.js';
import { sizeOf } from '../../shape.js';
import type { Engine, EngineBuffer } from '../engine.js';
import { type Block, Heap } from '../loops/heap.js';
import { codeKey, entrySize, loopModule } from '../loops/loop-code.js';
import { type Loop, type LoopedProgram, takeLoops } from '../loops/loop.js';
import { webAssembly } from '../loops/web-assembly.js';
import { runFailure } from '../run-failure.js';
import { HeapBuffer } from './heap-buffer.js';
import { type LoopFunction, LoopTable, type PlacedLoop, type PreparedLoop } from './loop-table.js';
import type { OnnxBuffer } from './onnx-buffer.js';

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
      runner.#functionOf({ size: 1, arrays: [0], numbers: [], numberSteps: [], steps: [{ primitive: 'neg', operands: [0] }], results: [{ output: 0, from: 1 }] });
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

  /** Compiles loops, those of one code side by side, and makes room for arrays of theirs outside the heap. */
  prepare(loops: readonly Loop[]): PreparedLoop[] {
    const byCode = new Map<LoopFunction, PreparedLoop[]>();
    for (const loop of loops) {
      const run = this.#functionOf(loop);
      const others = byCode.get(run);
      if (others) others.push({ loop, run });
      else byCode.set(run, [{ loop, run }]);
      while (this.#stages.length < loop.arrays.length + loop.results.length) this.#stages.push(this.#heap.allocate(stageSize));
    }
    return [...byCode.values()].flat();
  }

  /** A table for these loops. */
  tableOf(loops: readonly Loop[]): LoopTable {
    const block = this.#take(loops.reduce((size, loop) => size + entrySize(loop), 0));
    const table = new LoopTable(this.#heap, block);
    this.#abandoned.register(table, block);
    return table;
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

  /**
   * Runs a loop over arrays outside the heap too, a stretch after the other: of those outside, what the loop reads is copied in before, the others out after.
   *
   * @param table an empty one with room for the loop.
   */
  runStaged(placed: PlacedLoop, slots: readonly OnnxBuffer[], table: LoopTable): void {
    const { size, arrays } = placed.loop;
    const places = placed.touched.map((slot, i) => {
      const buffer = slots[slot]!;
      return buffer instanceof HeapBuffer ? { offset: buffer.block.offset } : { stage: this.#stages[i]!, data: buffer.tensor.data as Float32Array };
    });
    for (let start = 0; start < size; start += stageSize) {
      const length = Math.min(stageSize, size - start);
      places.slice(0, arrays.length).forEach(({ stage, data }) => stage && this.#heap.view(stage, length).set(data.subarray(start, start + length)));
      table.add(placed, length, (slot) => {
        const { stage, offset } = places[placed.touched.indexOf(slot)]!;
        return stage?.offset ?? offset! + start * Float32Array.BYTES_PER_ELEMENT;
      });
      table.run(slots);
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
function pays({ numberSteps, steps, size }: Loop, threads: number): boolean {
  return numberSteps.length + steps.length <= mostSteps && size * 1.5 <= steps.length * (5000 + size / threads);
}
