import { formatShape, type NDArray, sameShape } from '@lossworks/ndarray';
import type { Optimizer } from '../optimizer.js';
import type { UpdaterState } from '../updater.js';

/** What an algorithm asks about the present weights. */
export interface Evaluation {
  /** One number: an array of size 1, or read already. */
  readonly loss: NDArray | number;
  /** The loss's gradients, one a weight, in their order and of their shapes. */
  readonly gradients: readonly NDArray[];
}

/** Computes loss and gradients at the weights as they are; algorithms call it more than once a step, so it must not update anything else. */
export type Closure = () => Evaluation | Promise<Evaluation>;

/** An algorithm that decides itself where to evaluate. Every optimizer has this form, too. */
export interface Stepper {
  /** The optimizer whose step it takes, if it wraps one. */
  readonly optimizer: Optimizer | undefined;
  /**
   * One step, which updates the weights; the loss where it began.
   *
   * @throws RangeError for gradients that are not one a weight, of its shape.
   */
  step(closure: Closure): Promise<NDArray | number>;
  /** The weight to evaluate and to save for use, of the weight at this place in the list: see `Optimizer.evaluationWeight`. */
  evaluationWeight(place: number): NDArray;
  /** A snapshot that later steps do not change. */
  state(): UpdaterState;
  /**
   * Goes on exactly where the snapshot was taken, bit for bit.
   *
   * @throws Error for the state of another algorithm, or of other weights.
   */
  restore(saved: UpdaterState): void;
}

/** Throws unless the closure gave a gradient for each weight, of its shape. */
export function checkEvaluation(name: string, { gradients }: Evaluation, weights: readonly NDArray[]): void {
  if (gradients.length !== weights.length) {
    throw new RangeError(`${name}: the closure gave ${gradients.length} gradients for ${weights.length} weights; give one a weight, in the same order`);
  }
  gradients.forEach(({ shape }, i) => {
    if (!sameShape(shape, weights[i]!.shape)) {
      throw new RangeError(`${name}: gradient ${i} has shape ${formatShape(shape)}, weight ${i} ${formatShape(weights[i]!.shape)}; they must agree`);
    }
  });
}
