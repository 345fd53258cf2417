import { abs, equal, max, mean, min, prod, sqrt, square, sum, where, type NDArray, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../define-operator.js';
import type { Operator } from '../operator.js';
import { axes, bool, int } from '../parameters/index.js';
import { axisIn } from '../shape/axis.js';

type Reduction = (x: NDArray, options: { readonly axes: readonly number[]; readonly keepDims: boolean }) => NDArray;

const keepdims = bool('Keep the reduced axes with length 1.', { fallback: false });

const rows = {
  sum: { apply: sum, aliases: ['sum_axis'] },
  mean: { apply: mean, aliases: [] },
  prod: { apply: prod, aliases: [] },
  nansum: { apply: (x, options) => sum(known(x, 0), options), aliases: [] },
  nanprod: { apply: (x, options) => prod(known(x, 1), options), aliases: [] },
  max: { apply: max, aliases: ['max_axis'] },
  min: { apply: min, aliases: ['min_axis'] },
} satisfies { readonly [name: string]: Row };

/** NaN counts as the number that changes nothing. */
function known(x: NDArray, neutral: number): NDArray {
  return where(equal(x, x), x, neutral);
}

interface Row {
  readonly apply: Reduction;
  readonly aliases: readonly string[];
}

const parameters = {
  axis: axes('The axes to reduce; all unless given.'),
  keepdims,
  exclude: bool('Reduce all axes but those.', { fallback: false }),
};

/** Reductions over some axes or all; all of them leave shape (1,). */
export const reductionOperators = Object.fromEntries(
  Object.entries<Row>(rows).map(([name, row]) => [name, reductionOperator(name, row)]),
) as { readonly [Name in keyof typeof rows]: Operator<typeof parameters> };

function reductionOperator(name: string, { apply, aliases }: Row): Operator<typeof parameters> {
  return defineOperator({
    name,
    aliases,
    parameters,
    inputs: () => ['data'],
    record: ({ inputs: [data], parameters: { axis, keepdims: keepDims, exclude } }) => [reduced(data!, apply, reducedAxes(data!.shape, axis, exclude), keepDims)],
  });
}

/** MXNet: the 2-norm √Σx², or the 1-norm Σ|x|. */
export const normOperator = defineOperator({
  name: 'norm',
  parameters: {
    ord: int('Which norm.', { fallback: 2, minimum: 1, maximum: 2 }),
    axis: axes('The axes to reduce; all unless given.'),
    keepdims,
  },
  inputs: () => ['data'],
  hiddenOutputs: () => 1,
  record: ({ inputs: [data], parameters: { ord, axis, keepdims: keepDims } }) => {
    const apply: Reduction = ord === 1 ? (x, options) => sum(abs(x), options) : (x, options) => sqrt(sum(square(x), options));
    return [reduced(data!, apply, reducedAxes(data!.shape, axis, false), keepDims)];
  },
});

function reduced(data: NDArray, apply: Reduction, reducedAxes: readonly number[], keepDims: boolean): NDArray {
  const result = apply(data, { axes: reducedAxes, keepDims });
  return result.shape.length === 0 ? result.reshape([1]) : result;
}

/** The axes that go; none named means all of them. */
export function reducedAxes(shape: Shape, axis: number | readonly number[] | null, exclude: boolean): number[] {
  const listed = axis === null ? [] : typeof axis === 'number' ? [axis] : axis;
  if (listed.length === 0) return shape.map((_, one) => one);
  const named = listed.map((one) => axisIn(one, shape));
  return exclude ? shape.flatMap((_, one) => (named.includes(one) ? [] : [one])) : named;
}
