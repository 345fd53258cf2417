import { constantValue, type Program, signatureOf } from '../../program/program.js';
import type { Compiled } from '../engine.js';
import type { Loop, LoopedProgram } from '../loops/loop.js';
import { HeapBuffer } from './heap-buffer.js';
import type { LoopRunner, RunLoop } from './loop-runner.js';
import { emptyBuffer, type OnnxBuffer } from './onnx-buffer.js';

type Buffers = readonly (OnnxBuffer | undefined)[];

/** A program that ONNX Runtime runs whole. */
export interface WholeProgram {
  /** @param given by output, a buffer that it is written to and that is then the result. */
  run(inputs: readonly OnnxBuffer[], given?: Buffers): Promise<readonly OnnxBuffer[]>;
  release(): Promise<void>;
}

/** A program in two parts: what ONNX Runtime runs, and the loops behind it. */
export class JoinedProgram implements Compiled {
  /** What loops write: they read each element before they write it. */
  readonly overwrites: ReadonlySet<number>;
  readonly #loops: readonly (Loop & { readonly run: RunLoop })[];
  /** For each output of the first part, its place among the program's (−1 for none) and whether loops read it. */
  readonly #outputs: readonly { readonly number: number; readonly place: number; readonly isRead: boolean }[];
  /** By number, the place among the outputs of the first part. */
  readonly #computed: ReadonlyMap<number, number>;
  /** For each array that a loop reads, the outputs that it writes. No two loops read one array: they would be one. */
  readonly #over: ReadonlyMap<number, readonly number[]>;

  /** @param before undefined where loops do everything. */
  constructor(
    private readonly runner: LoopRunner,
    private readonly program: Program,
    private readonly parts: LoopedProgram,
    private readonly before: WholeProgram | undefined,
  ) {
    const { loops, outputs } = parts;
    const read = new Set(loops.flatMap(({ arrays }) => arrays));
    this.#loops = loops.map((loop) => ({ ...loop, run: runner.prepare(loop) }));
    this.#outputs = outputs.map((number) => ({ number, place: program.outputs.indexOf(number), isRead: read.has(number) }));
    this.#computed = new Map(outputs.map((number, i) => [number, i]));
    this.#over = new Map(loops.flatMap(({ arrays, results }) => arrays.map((number) => [number, results.map(({ output }) => output)] as const)));
    this.overwrites = new Set(loops.flatMap(({ results }) => results.map(({ output }) => output)));
  }

  async run(inputs: readonly OnnxBuffer[], spares: Buffers = []): Promise<readonly OnnxBuffer[]> {
    const { program, parts } = this;
    // All memory in the heap is taken before any of it is looked at.
    const results = new Array<OnnxBuffer | undefined>(program.outputs.length).fill(undefined);
    for (const loop of this.#loops) for (const { output } of loop.results) results[output] = this.#kept(output, spares[output]);
    const passing: HeapBuffer[] = [];
    const taken = new Set<number>();
    const given = this.#outputs.map(({ number, place, isRead }): OnnxBuffer | undefined => {
      if (!isRead) return spares[place];
      if (place >= 0) return this.#kept(place, spares[place]);
      // Where its loop is to write a result, which then finds the memory in the cache.
      const shared = this.#over.get(number)!.find((output) => results[output] && results[output] !== inputs[program.replaced![output]!] && !taken.has(output));
      if (shared !== undefined) {
        taken.add(shared);
        return results[shared];
      }
      const buffer = this.runner.allocate(signatureOf(program, number));
      passing.push(buffer);
      return buffer;
    });
    try {
      const computed = this.before ? await this.before.run(parts.inputs.map((input) => inputs[input]!), given) : [];
      const bufferOf = (number: number): OnnxBuffer => inputs[number] ?? computed[this.#computed.get(number)!]!;
      const numberOf = (number: number): number => constantValue(program.steps[number - program.inputs.length]) ?? (bufferOf(number).tensor.data as Float32Array)[0]!;
      for (const { arrays, numbers, results: written, run } of this.#loops) {
        run(arrays.map(bufferOf), written.map(({ output }) => (results[output] ??= this.#fresh(output))), numbers.map(numberOf));
      }
      return program.outputs.map((number, place) => results[place] ?? bufferOf(number));
    } finally {
      for (const buffer of passing) this.runner.free(buffer);
    }
  }

  async release(): Promise<void> {
    await this.before?.release();
  }

  /** Where an output is kept that memory is given for: there, or in the heap in its place. */
  #kept(place: number, spare: OnnxBuffer | undefined): OnnxBuffer | undefined {
    return !spare || spare instanceof HeapBuffer ? spare : this.runner.allocate(signatureOf(this.program, this.program.outputs[place]!));
  }

  #fresh(place: number): OnnxBuffer {
    return emptyBuffer(this.runner.engine, signatureOf(this.program, this.program.outputs[place]!));
  }
}
