import type { DType, TypedArray } from '../dtype.js';
import type { Program } from '../program/program.js';
import type { Shape } from '../shape.js';

/** An array in an engine's own memory; opaque to everybody else. */
export interface EngineBuffer {
  readonly engine: Engine;
}

/** A program made ready to run, as often as wanted. */
export interface Compiled {
  /** Buffers of the program's outputs for buffers of its inputs, in order. Inputs stay as they are. */
  run(inputs: readonly EngineBuffer[]): Promise<readonly EngineBuffer[]>;
  /** Lets go of what the compiled program holds. */
  release(): Promise<void>;
}

/** Turns programs into something that runs, and owns buffers. */
export interface Engine {
  /** `onnx`, `onnx-web` … as `LOSSWORKS_ENGINE` names it. */
  readonly name: string;
  /** `cpu`, `webgpu` … */
  readonly device: string;
  compile(program: Program): Promise<Compiled>;
  upload(data: TypedArray, shape: Shape, dtype: DType): EngineBuffer;
  read(buffer: EngineBuffer): Promise<TypedArray>;
  /** Gives memory back early; buffers nobody refers to are given back anyway. */
  free(buffer: EngineBuffer): void;
}
