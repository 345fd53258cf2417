import type { Engine, Primitive } from '@lossworks/ndarray';
import type { Tolerance } from '../compare.js';

/** What an engine may be away from the reference, from what two float32 computations may be apart. A check of one primitive names it. */
export type Widen = (tolerance: Tolerance, primitive?: Primitive) => Tolerance;

/** One thing that every engine must do. */
export interface EngineCheck {
  readonly name: string;
  /**
   * What the engine does otherwise, in a sentence; undefined where it does it.
   *
   * @param widen allows for how the engine computes.
   */
  run(engine: Engine, widen: Widen): Promise<string | undefined>;
}
