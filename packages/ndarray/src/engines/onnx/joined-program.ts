import { constantValue, type Program, signatureOf } from '../../program/program.js';
import type { Compiled } from '../engine.js';
import type { LoopedProgram } from '../loops/loop.js';
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

/** A loop as it is run. */
interface PreparedLoop {
  /** Places of the arrays it reads among the inputs and, behind them, what the first part computes. */
  readonly arrays: readonly number[];
  /** Places of what it writes among the program's outputs. */
  readonly outputs: readonly number[];
  /** Numbers it reads, or their places, likewise. */
  readonly numbers: readonly ({ readonly value: number } | { readonly place: number })[];
  readonly run: RunLoop;
}

/** An output of the first part. */
interface FirstOutput {
  readonly number: number;
  /** Its place among the program's outputs; −1 for none. */
  readonly place: number;
  /** Outputs that the loop writes which reads it; undefined where none does. No two loops read one array: they would be one. */
  readonly over: readonly number[] | undefined;
}

/** A program in two parts: what ONNX Runtime runs, and the loops behind it. */
export class JoinedProgram implements Compiled {
  /** What loops write: they read each element before they write it. */
  readonly overwrites: ReadonlySet<number>;
  readonly #loops: readonly PreparedLoop[];
  readonly #firstOutputs: readonly FirstOutput[];
  /** For each output that no loop writes, its place among the inputs and what the first part computes. */
  readonly #passed: readonly (number | undefined)[];

  /** @param before undefined where loops do everything. */
  constructor(
    private readonly runner: LoopRunner,
    private readonly program: Program,
    private readonly parts: LoopedProgram,
    private readonly before: WholeProgram | undefined,
  ) {
    const { loops, outputs } = parts;
    const { inputs, steps } = program;
    const computed = new Map(outputs.map((number, i) => [number, inputs.length + i]));
    const placeOf = (number: number): number => (number < inputs.length ? number : computed.get(number)!);
    const readers = new Map(loops.flatMap(({ arrays, results }) => arrays.map((number) => [number, results.map(({ output }) => output)] as const)));
    this.#loops = loops.map((loop) => ({
      arrays: loop.arrays.map(placeOf),
      outputs: loop.results.map(({ output }) => output),
      numbers: loop.numbers.map((number) => {
        const value = constantValue(steps[number - inputs.length]);
        return value === undefined ? { place: placeOf(number) } : { value };
      }),
      run: runner.prepare(loop),
    }));
    this.overwrites = new Set(this.#loops.flatMap((loop) => loop.outputs));
    this.#firstOutputs = outputs.map((number) => ({ number, place: program.outputs.indexOf(number), over: readers.get(number) }));
    this.#passed = program.outputs.map((number, place) => (this.overwrites.has(place) ? undefined : placeOf(number)));
  }

  async run(inputs: readonly OnnxBuffer[], spares: Buffers = []): Promise<readonly OnnxBuffer[]> {
    // All memory in the heap is taken before any of it is looked at.
    const results = this.#passed.map((place, output) => (place === undefined ? this.#kept(output, spares[output]) : undefined));
    const { given, passing } = this.#memory(inputs, spares, results);
    try {
      const buffers = this.before ? inputs.concat(await this.before.run(this.parts.inputs.map((input) => inputs[input]!), given)) : inputs;
      this.#loops.forEach((loop) => this.#runLoop(loop, buffers, results));
      return this.#passed.map((place, output) => (place === undefined ? results[output]! : buffers[place]!));
    } finally {
      passing.forEach((buffer) => this.runner.free(buffer));
    }
  }

  /** Buffers for what the first part computes, and which of them are needed no longer than the run. */
  #memory(inputs: Buffers, spares: Buffers, results: Buffers) {
    const passing: HeapBuffer[] = [];
    const taken = new Set<number>();
    const given = this.#firstOutputs.map(({ number, place, over }) => {
      if (!over) return spares[place];
      if (place >= 0) return this.#kept(place, spares[place]);
      // Where its loop is to write a result, which then finds the memory in the cache.
      const shared = over.find((output) => results[output] && results[output] !== inputs[this.program.replaced![output]!] && !taken.has(output));
      if (shared !== undefined) {
        taken.add(shared);
        return results[shared];
      }
      const buffer = this.runner.allocate(signatureOf(this.program, number));
      passing.push(buffer);
      return buffer;
    });
    return { given, passing };
  }

  #runLoop({ arrays, outputs, numbers, run }: PreparedLoop, buffers: readonly OnnxBuffer[], results: (OnnxBuffer | undefined)[]): void {
    const touched = arrays.map((place) => buffers[place]!);
    for (const output of outputs) touched.push((results[output] ??= this.#fresh(output)));
    run(touched, numbers.map((number) => ('value' in number ? number.value : (buffers[number.place]!.tensor.data as Float32Array)[0]!)));
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
