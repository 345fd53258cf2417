import { defineInitializer } from './initializer-rule.js';

export interface UniformOptions {
  /** Weights lie in [−scale, scale). */
  scale: number;
}

/** Weights drawn evenly (MXNet `Uniform`). */
export const uniform = defineInitializer<UniformOptions>({
  name: 'uniform',
  defaults: { scale: 0.07 },
  fill: ({ shape }, { scale }, random) => random.uniform(shape, -scale, scale),
});
