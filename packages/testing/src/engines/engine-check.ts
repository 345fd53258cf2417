import type { Engine } from '@lossworks/ndarray';
import type { Tolerance } from '../compare.js';

/** One thing that every engine must do. */
export interface EngineCheck {
  readonly name: string;
  /**
   * What the engine does otherwise, in a sentence; undefined where it does it.
   *
   * @param widen allows for how the engine computes.
   */
  run(engine: Engine, widen: (tolerance: Tolerance) => Tolerance): Promise<string | undefined>;
}
