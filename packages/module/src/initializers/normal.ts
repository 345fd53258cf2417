import { defineInitializer } from './initializer-rule.js';

export interface NormalOptions {
  /** Standard deviation. */
  sigma: number;
}

/** Weights from the normal distribution around 0 (MXNet `Normal`). */
export const normal = defineInitializer<NormalOptions>({
  name: 'normal',
  defaults: { sigma: 0.01 },
  fill: ({ shape }, { sigma }, random) => random.normal(shape, 0, sigma),
});
