import { array, type RandomGenerator } from '@lossworks/ndarray';
import { checkChoice, defineInitializer } from './initializer-rule.js';

export interface OrthogonalOptions {
  /** Length of every row (or column, where there are more rows than columns). */
  scale: number;
  /** What the directions are made of: even numbers from [−1, 1) or normal ones. */
  randType: 'uniform' | 'normal';
}

const draws: { readonly [R in OrthogonalOptions['randType']]: (random: RandomGenerator) => number } = {
  uniform: (random) => 2 * random.nextUniform() - 1,
  normal: (random) => random.nextNormal(),
};

/** Weights as a matrix with orthogonal rows or columns, whichever are fewer (Saxe et al. 2013; MXNet `Orthogonal`). */
export const orthogonal = defineInitializer<OrthogonalOptions>({
  name: 'orthogonal',
  defaults: { scale: 1.414, randType: 'uniform' },
  check: ({ randType }) => checkChoice('orthogonal', 'randType', randType, Object.keys(draws)),
  fill({ shape }, { scale, randType }, random) {
    const rows = shape[0] ?? 1;
    const columns = shape.slice(1).reduce((product, length) => product * length, 1);
    const draw = draws[randType];
    const basis = orthonormalBasis(Math.min(rows, columns), Math.max(rows, columns), () => draw(random));
    const weights = new Float32Array(rows * columns);
    basis.forEach((vector, i) => {
      vector.forEach((value, j) => {
        weights[rows <= columns ? i * columns + j : j * columns + i] = scale * value;
      });
    });
    return array(weights, { shape });
  },
});

/** Gram and Schmidt's way, each vector twice: once leaves rounding errors that grow with the number of vectors. */
function orthonormalBasis(count: number, length: number, draw: () => number): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, draw);
    const drawn = lengthOf(vector);
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtractProjection(vector, other);
    const left = lengthOf(vector);
    // A vector within the span of the others has no direction of its own: draw another.
    if (left > 1e-9 * drawn) basis.push(vector.map((value) => value / left));
  }
  return basis;
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  let product = 0;
  for (let i = 0; i < vector.length; i++) product += vector[i]! * unit[i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= product * unit[i]!;
}

function lengthOf(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}
