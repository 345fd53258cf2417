import type { Compiled, DType, Engine, EngineBuffer, Program, Shape, TypedArray } from '@lossworks/ndarray';
import { interpret } from './interpret.js';
import type { ReferenceArray } from './reference-array.js';

interface ReferenceBuffer extends EngineBuffer {
  readonly array: ReferenceArray;
}

/**
 * An engine that keeps everything in float64 and rounds only what is read: whatever was recorded can be computed with it, after
 * `await useEngine(createReferenceEngine())`. Slow.
 */
export function createReferenceEngine(): Engine {
  return new ReferenceEngine();
}

/** The float64 elements of an array that this engine holds. */
export function exactElements(buffer: EngineBuffer): Float64Array {
  if (givenUp.has(buffer)) throw new Error('the reference engine was asked for numbers whose memory had been given to it as spare');
  if (buffer.engine.name !== 'reference') throw new TypeError(`exactElements: the buffer belongs to the engine ${buffer.engine.name}, which holds no float64`);
  return (buffer as ReferenceBuffer).array.data;
}

/** Takes spare buffers only to find out whether anybody still needs them. */
const givenUp = new WeakSet<EngineBuffer>();

class ReferenceEngine implements Engine {
  readonly name = 'reference';
  readonly device = 'cpu';
  readonly usesSpares = true;

  async compile(program: Program): Promise<Compiled> {
    const overwrites = new Set(program.outputs.map((_, place) => place).filter((place) => program.replaced?.[place] !== undefined));
    return {
      overwrites,
      run: async (inputs, spares = []) => {
        const isReplaced = (spare: EngineBuffer, place: number): boolean => overwrites.has(place) && spare === inputs[program.replaced![place]!];
        spares.forEach((spare, place) => {
          if (spare && !isReplaced(spare, place)) givenUp.add(spare);
        });
        const elements = inputs.map(exactElements);
        for (const spare of spares) if (spare) givenUp.add(spare);
        return interpret(program, elements).map((array): ReferenceBuffer => ({ engine: this, array }));
      },
      release: async () => undefined,
    };
  }

  upload(data: TypedArray, shape: Shape, dtype: DType): ReferenceBuffer {
    return { engine: this, array: { shape, dtype, data: Float64Array.from(data) } };
  }

  async read(buffer: EngineBuffer): Promise<TypedArray> {
    return hostArrays[(buffer as ReferenceBuffer).array.dtype].from(exactElements(buffer));
  }

  free(): void {
    // Plain memory: the collector's.
  }
}

const hostArrays = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;
