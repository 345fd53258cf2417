import type { NDArray, RandomGenerator } from '@lossworks/ndarray';
import type { InitDesc, Initializer } from './initializer.js';

/**
 * Chooses an initializer by the array's name (MXNet `Mixed`): the first pattern that fits from the start of the name on. The one chosen then goes by the
 * end of the name, as ever.
 */
export class Mixed implements Initializer {
  private readonly rules: readonly (readonly [pattern: RegExp, initializer: Initializer])[];

  /**
   * Patterns are regular expressions, in the order in which they are tried.
   *
   * @throws SyntaxError for a pattern that is none.
   */
  constructor(rules: readonly (readonly [pattern: string, initializer: Initializer])[]) {
    this.rules = rules.map(([pattern, initializer]) => [new RegExp(`^(?:${pattern})`), initializer]);
  }

  /**
   * What the first initializer whose pattern fits makes of it.
   *
   * @throws RangeError where no pattern fits, and as that initializer does.
   */
  initialize(target: InitDesc, random: RandomGenerator): NDArray {
    const found = this.rules.find(([pattern]) => pattern.test(target.name));
    if (!found) {
      const patterns = this.rules.map(([pattern]) => pattern.source.slice(4, -1)).join(', ');
      throw new RangeError(`Mixed: the name ${target.name} begins with none of the patterns ${patterns}; add ['.*', …] at the end`);
    }
    return found[1].initialize(target, random);
  }
}
