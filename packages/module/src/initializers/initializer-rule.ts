import type { NDArray, RandomGenerator } from '@lossworks/ndarray';
import type { InitDesc } from './initializer.js';

/** One initializer: its name, its options with their defaults, and what it fills a weight with. */
export interface InitializerRule<Options extends object = object> {
  /** As `dumps` writes it: MXNet's class name in lower case. */
  readonly name: string;
  /** One literal; options are MXNet's arguments in camelCase. NaN stands for one that has to be given. */
  readonly defaults: Options;
  /**
   * Checks the options.
   *
   * @throws RangeError for options that make no sense.
   */
  check?(options: Options): void;
  /**
   * First values of the target's shape, from the generator alone, so that a seed tells them.
   *
   * @throws RangeError where the rule does not fit the shape.
   */
  fill(target: InitDesc, options: Options, random: RandomGenerator): NDArray;
}

/** Ties the type of the defaults to that of the options, for a rule of your own. */
export function defineInitializer<Options extends object>(rule: InitializerRule<Options>): InitializerRule<Options> {
  return rule;
}

/** Throws unless the value is one of the choices. */
export function checkChoice(rule: string, option: string, value: string, choices: readonly string[]): void {
  if (!choices.includes(value)) throw new RangeError(`${rule}: ${option} is ${JSON.stringify(value)}; choose one of ${choices.join(', ')}`);
}
