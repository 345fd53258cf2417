import type { DType, TypedArray } from '../dtype.js';
import type { Program } from '../program/program.js';
import type { Shape } from '../shape.js';

/** An array in an engine's own memory; opaque to everybody else. Given back when nobody refers to it any more. */
export interface EngineBuffer {
  /** Whose memory it is. */
  readonly engine: Engine;
}

/** A program made ready to run, as often as wanted. */
export interface Compiled {
  /**
   * Buffers of the program's outputs for buffers of its inputs, each in the program's order. Inputs stay as they are. Rejects with an Error that says what to
   * do where memory is exhausted or the device lost.
   *
   * @param spares by output, a buffer of its shape and type that nobody needs any more: the engine may use its memory. None unless given, or where the engine does not say
   * `usesSpares`. Outputs of one that does lie in memory of their own, not in that of an input, unless that input was given for an output in `overwrites`.
   */
  run(inputs: readonly EngineBuffer[], spares?: readonly (EngineBuffer | undefined)[]): Promise<readonly EngineBuffer[]>;
  /** Places of outputs that the buffer of the input they replace (`Program.replaced`) may be given for. None unless told. */
  readonly overwrites?: ReadonlySet<number>;
  /** Lets go of what the compiled program holds. */
  release(): Promise<void>;
}

/** Turns programs into something that runs, and owns buffers. */
export interface Engine {
  /** `onnx`, `onnx-web`, `tfjs`, as `useEngine` and `LOSSWORKS_ENGINE` call it. */
  readonly name: string;
  /** What runs the programs: `cpu`, `webgpu` … */
  readonly device: string;
  /** Whether runs use the memory of spare buffers; else none are kept for them. No unless told. */
  readonly usesSpares?: boolean;
  /** Makes a program ready to run. Rejects with an Error where the library behind it refuses the program. */
  compile(program: Program): Promise<Compiled>;
  /** A buffer with these elements, row-major. It may stand on the memory given: do not change it afterwards. */
  upload(data: TypedArray, shape: Shape, dtype: DType): EngineBuffer;
  /** The buffer's elements, row-major, as a copy, which an engine that says `usesSpares` has made when it returns. */
  read(buffer: EngineBuffer): Promise<TypedArray>;
  /** Gives memory back early; buffers nobody refers to are given back anyway. */
  free(buffer: EngineBuffer): void;
}
