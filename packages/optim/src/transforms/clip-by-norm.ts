import { div, maximum, minimum, mul, type NDArray, sqrt, square, sum } from '@lossworks/ndarray';
import type { GradientTransform, UpdateContext } from '../gradient-transform.js';
import { stateless } from '../gradient-transform.js';
import { squaredNorm } from '../rules/norm.js';

/**
 * Scales the gradients of all parameters of one step by min(1, limit/‖g‖), ‖g‖ over all elements of all of them (Pascanu et al. 2013). Parameters
 * updated one by one are clipped one by one: hand the updater lists.
 *
 * @throws RangeError for a limit that is not above 0.
 */
export function clipByGlobalNorm(limit: number): GradientTransform {
  checkPositive('clipByGlobalNorm', 'limit', limit);
  const updateTogether = (contexts: readonly UpdateContext[]) => {
    const total = contexts.map(({ gradient }) => squaredNorm(gradient)).reduce((all, one) => all.add(one));
    const factor = shrinkFactor(limit, sqrt(total));
    return contexts.map(({ gradient }) => ({ gradient: mul(gradient, factor), state: {} }));
  };
  return { name: 'clipByGlobalNorm', init: () => ({}), update: (context) => updateTogether([context])[0]!, updateTogether };
}

/**
 * Scales the gradient of every unit by min(1, limit·max(‖w‖, ε)/‖g‖), norms per unit: one index of the first axis of a matrix or kernel, all of a
 * vector (adaptive gradient clipping, Brock et al. 2021). ε is 0.001 unless told.
 *
 * @throws RangeError for a limit that is not above 0.
 */
export function clipAdaptively(limit: number, epsilon = 1e-3): GradientTransform {
  checkPositive('clipAdaptively', 'limit', limit);
  return stateless('clipAdaptively', ({ gradient, weight }) => {
    const allowed = mul(maximum(unitNorm(weight), epsilon), limit);
    return mul(gradient, minimum(div(allowed, maximum(unitNorm(gradient), 1e-6)), 1));
  });
}

/** min(1, limit/norm), 1 for a norm of 0 */
function shrinkFactor(limit: number, norm: NDArray): NDArray {
  return div(limit, maximum(norm, limit));
}

function unitNorm(x: NDArray): NDArray {
  const axes = x.shape.map((_, axis) => axis).slice(x.shape.length > 1 ? 1 : 0);
  return sqrt(sum(square(x), { axes, keepDims: true }));
}

function checkPositive(transform: string, what: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${transform}: ${what} is ${value}; give a number above 0`);
}
