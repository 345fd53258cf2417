import { constantValue, type Program, signatureOf } from '../../program/program.js';
import type { Compiled } from '../engine.js';
import type { LoopedProgram } from '../loops/loop.js';
import { HeapBuffer } from './heap-buffer.js';
import type { LoopRunner } from './loop-runner.js';
import type { LoopTable, PlacedLoop } from './loop-table.js';
import { emptyBuffer, type OnnxBuffer } from './onnx-buffer.js';

type Buffers = readonly (OnnxBuffer | undefined)[];

/** A program that ONNX Runtime runs whole. */
export interface WholeProgram {
  /** @param given by output, a buffer that it is written to and that is then the result. */
  run(inputs: readonly OnnxBuffer[], given?: Buffers): Promise<readonly OnnxBuffer[]>;
  release(): Promise<void>;
}

/** An output of the first part. */
interface FirstOutput {
  readonly number: number;
  /** Its place among the program's outputs; −1 for none. */
  readonly place: number;
  /** What the loop writes which reads it, among all that loops write; undefined where none does. No two loops read one array: they would be one. */
  readonly over: readonly number[] | undefined;
}

/** An output that a loop writes. */
interface LoopOutput {
  /** Its place among the program's outputs. */
  readonly place: number;
  /** The input that its array holds before. */
  readonly replaced: number;
}

/** What a run needs that nobody sees: the next run uses it again. */
interface Workspace {
  readonly table: LoopTable;
  /** By output of the first part, where it goes if nothing but loops reads it and it is a number. */
  readonly numbers: Buffers;
}

/**
 * A program in two parts: what ONNX Runtime runs, and the loops behind it. In a run each array has a slot: inputs first, then what the first part computes, then what
 * loops write.
 */
export class JoinedProgram implements Compiled {
  /** What loops write: they read each element before they write it. */
  readonly overwrites: ReadonlySet<number>;
  readonly #loops: readonly PlacedLoop[];
  readonly #firstOutputs: readonly FirstOutput[];
  readonly #loopOutputs: readonly LoopOutput[];
  /** The slot of each output. */
  readonly #outputs: readonly number[];
  /** Those that no run is using. */
  readonly #workspaces: Workspace[] = [];

  /** @param before undefined where loops do everything. */
  constructor(
    private readonly runner: LoopRunner,
    private readonly program: Program,
    private readonly parts: LoopedProgram,
    private readonly before: WholeProgram | undefined,
  ) {
    const { loops, outputs } = parts;
    const { inputs, steps } = program;
    const slots = new Map([...inputs.keys(), ...outputs].map((number, slot) => [number, slot]));
    const written = loops.flatMap(({ results }) => results.map(({ output }) => output));
    const slotOf = (number: number): number => slots.get(number)!;
    const writtenSlot = (output: number): number => slots.size + written.indexOf(output);
    const over = new Map(loops.flatMap(({ arrays, results }) => arrays.map((number) => [number, results.map(({ output }) => written.indexOf(output))] as const)));
    this.#loops = runner.prepare(loops).map(({ loop, run }) => ({
      loop,
      run,
      touched: [...loop.arrays.map(slotOf), ...loop.results.map(({ output }) => writtenSlot(output))],
      numbers: loop.numbers.map((number) => {
        const value = constantValue(steps[number - inputs.length]);
        return value === undefined ? { slot: slotOf(number) } : { value };
      }),
    }));
    this.overwrites = new Set(written);
    this.#firstOutputs = outputs.map((number) => ({ number, place: program.outputs.indexOf(number), over: over.get(number) }));
    this.#loopOutputs = written.map((place) => ({ place, replaced: program.replaced![place]! }));
    this.#outputs = program.outputs.map((number, place) => (this.overwrites.has(place) ? writtenSlot(place) : slotOf(number)));
  }

  async run(inputs: readonly OnnxBuffer[], spares: Buffers = []): Promise<readonly OnnxBuffer[]> {
    const workspace = this.#workspaces.pop() ?? this.#newWorkspace();
    const { table } = workspace;
    const passing: HeapBuffer[] = [];
    try {
      // All memory in the heap is taken before any of it is looked at.
      const written = this.#loopOutputs.map(({ place }) => this.#kept(place, spares[place]));
      const first = this.#firstBuffers(inputs, spares, written, workspace, passing);
      const slots = inputs.concat(first, written);
      // Told before what they are run over: behind the first part nothing of this is in the caches, and they would wait for it longer than they take.
      const offsetOf = (slot: number): number | undefined => {
        const buffer = slots[slot];
        return buffer instanceof HeapBuffer ? buffer.block.offset : undefined;
      };
      const outside = this.#loops.filter((each) => !table.add(each, each.loop.size, offsetOf));
      await this.before?.run(this.parts.inputs.map((input) => inputs[input]!), first);
      table.run(slots);
      outside.forEach((loop) => this.runner.runStaged(loop, slots, table));
      return this.#outputs.map((slot) => slots[slot]!);
    } finally {
      table.clear();
      this.#workspaces.push(workspace);
      passing.forEach((buffer) => this.runner.free(buffer));
    }
  }

  /** Where what the first part computes goes. Notes in `passing` what is needed no longer than the run. */
  #firstBuffers(inputs: Buffers, spares: Buffers, written: readonly OnnxBuffer[], { numbers }: Workspace, passing: HeapBuffer[]): OnnxBuffer[] {
    const taken: number[] = [];
    return this.#firstOutputs.map(({ number, place, over }, i) => {
      if (!over) return numbers[i] ?? spares[place] ?? this.#fresh(number);
      if (place >= 0) return this.#kept(place, spares[place]);
      // Where its loop is to write a result, which then finds the memory in the cache.
      const shared = over.find((output) => written[output] instanceof HeapBuffer && written[output] !== inputs[this.#loopOutputs[output]!.replaced] && !taken.includes(output));
      if (shared !== undefined) {
        taken.push(shared);
        return written[shared]!;
      }
      const buffer = this.runner.allocate(signatureOf(this.program, number));
      passing.push(buffer);
      return buffer;
    });
  }

  #newWorkspace(): Workspace {
    return {
      table: this.runner.tableOf(this.parts.loops),
      numbers: this.#firstOutputs.map(({ number, place, over }) => (over || place >= 0 ? undefined : this.#fresh(number))),
    };
  }

  async release(): Promise<void> {
    await this.before?.release();
  }

  /** Where an output goes: to memory that is given for it, or in the heap in its place; without any, to memory of its own. */
  #kept(place: number, spare: OnnxBuffer | undefined): OnnxBuffer {
    if (spare instanceof HeapBuffer) return spare;
    const number = this.program.outputs[place]!;
    return spare ? this.runner.allocate(signatureOf(this.program, number)) : this.#fresh(number);
  }

  #fresh(number: number): OnnxBuffer {
    return emptyBuffer(this.runner.engine, signatureOf(this.program, number));
  }
}
