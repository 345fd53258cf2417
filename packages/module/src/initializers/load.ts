import { formatShape, type NDArray, type RandomGenerator, sameShape } from '@lossworks/ndarray';
import type { InitDesc, Initializer } from './initializer.js';

/** Parameters by name. */
export type NamedParameters = ReadonlyMap<string, NDArray> | Readonly<Record<string, NDArray>>;

/** Takes values from saved parameters by name (MXNet `Load`). A name may begin with `arg:` or `aux:`, as in `.params` files. */
export class Load implements Initializer {
  private readonly parameters: ReadonlyMap<string, NDArray>;
  private readonly defaultInitializer: Initializer | undefined;

  /**
   * Names are compared without `arg:` and `aux:`.
   *
   * @param options.defaultInitializer is asked for arrays that were not saved.
   */
  constructor(parameters: NamedParameters, { defaultInitializer }: { defaultInitializer?: Initializer } = {}) {
    const entries = parameters instanceof Map ? [...(parameters as ReadonlyMap<string, NDArray>)] : Object.entries(parameters);
    this.parameters = new Map(entries.map(([name, value]) => [name.replace(/^(arg|aux):/, ''), value]));
    this.defaultInitializer = defaultInitializer;
  }

  /**
   * The saved array of this name.
   *
   * @throws RangeError where it was not saved and there is no `defaultInitializer`, or has another shape.
   */
  initialize(target: InitDesc, random: RandomGenerator): NDArray {
    const saved = this.parameters.get(target.name);
    if (saved === undefined) {
      if (this.defaultInitializer) return this.defaultInitializer.initialize(target, random);
      const names = [...this.parameters.keys()];
      throw new RangeError(
        `Load: ${target.name} was not saved (there ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, 5).join(', ') || 'none'}${names.length > 5 ? ' …' : ''}); give a defaultInitializer`,
      );
    }
    if (!sameShape(saved.shape, target.shape)) {
      throw new RangeError(`Load: ${target.name} has shape ${formatShape(target.shape)}, the saved one ${formatShape(saved.shape)}; load what was saved of this network`);
    }
    return saved;
  }
}
