import type { NDArray, RandomGenerator, Shape } from '@lossworks/ndarray';

/** The array to initialize (MXNet `InitDesc`). */
export interface InitDesc {
  /** The variable's name, whose end tells the rule. */
  readonly name: string;
  /** Shape of the array to make. */
  readonly shape: Shape;
  /** The variable's attributes, as a symbol lists them; `__init__` names an initializer of its own. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Gives parameters and auxiliary states their first values. */
export interface Initializer {
  /**
   * First values of the target's shape, float32.
   *
   * @throws RangeError where the name tells no rule, or the rule does not fit the shape.
   */
  initialize(target: InitDesc, random: RandomGenerator): NDArray;
}
