import type { NDArray, RandomGenerator, Shape } from '@lossworks/ndarray';

/** The array to initialize (MXNet `InitDesc`). */
export interface InitDesc {
  readonly name: string;
  readonly shape: Shape;
  /** The variable's attributes, as a symbol lists them; `__init__` names an initializer of its own. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Gives parameters and auxiliary states their first values. */
export interface Initializer {
  /** @throws RangeError where the name tells no rule, or the rule does not fit the shape. */
  initialize(target: InitDesc, random: RandomGenerator): NDArray;
}
