import { add, div, maximum, mean, mul, type NDArray, sqrt, square, sub, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform, type State, type UpdateContext } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecoupledDecay } from '../transforms/add-decoupled-decay.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';

interface AdafactorOptions {
  /** The moving average of squares keeps 1 − t^this. */
  decayExponent: number;
  /** The least of a row's mean square, and its square the least of an estimate. */
  epsilon: number;
  /** The least size of a weight that steps are relative to. */
  leastScale: number;
  /** Limit of the root mean square of a step before the rate. */
  clipThreshold: number;
}

const defaults: AdafactorOptions = { decayExponent: -0.8, epsilon: 1.1920928955078125e-7, leastScale: 1e-3, clipThreshold: 1 };

/**
 * Adam's denominator from the sums over rows and columns alone, for matrices (last two axes), and steps relative to the weight's size
 * (Shazeer & Stern 2018, in the form of PyTorch's `Adafactor`). The learning rate is the most a step may be relative to the weight: min(η, 1/√t).
 */
export const adafactor = defineRule({
  defaults: { learningRate: 0.01, ...defaults },
  transform: ({ rescaleGradient, clipGradient, ...options }) =>
    chain(rescale(rescaleGradient), clipUnlessZero(clipGradient), scaleByFactors(options), addDecoupledDecay()),
});

function scaleByFactors(options: AdafactorOptions): GradientTransform {
  const { decayExponent, epsilon, leastScale, clipThreshold } = options;
  return {
    name: 'scaleByFactors',
    init: (weight): Record<string, NDArray> => {
      const { shape } = weight;
      if (shape.length < 2) return { meanSquare: zeros(shape) };
      return { rowMeanSquare: zeros([...shape.slice(0, -1), 1]), columnMeanSquare: zeros([...shape.slice(0, -2), 1, shape.at(-1)!]) };
    },
    update(context: UpdateContext) {
      const { gradient, weight, step, rate, scalar } = context;
      const share = scalar('adafactorShare', step ** decayExponent);
      const { estimate, state } = weight.shape.length < 2 ? whole(context, share) : factored(context, share, epsilon);
      const update = div(gradient, sqrt(maximum(estimate, epsilon ** 2)));
      const size = maximum(div(rootMeanSquare(update), clipThreshold), 1);
      const scale = mul(maximum(rootMeanSquare(weight), leastScale), scalar('adafactorRate', -Math.min(rate, 1 / Math.sqrt(step))));
      return { gradient: mul(update, div(scale, size)), state };
    },
  };
}

function whole({ gradient, state }: UpdateContext, share: NDArray): { estimate: NDArray; state: State } {
  const meanSquare = towards(state.meanSquare!, square(gradient), share);
  return { estimate: meanSquare, state: { meanSquare } };
}

/** V ≈ R·C / mean(R) */
function factored({ gradient, state }: UpdateContext, share: NDArray, epsilon: number): { estimate: NDArray; state: State } {
  const squares = square(gradient);
  const rank = gradient.shape.length;
  const rowMeanSquare = towards(state.rowMeanSquare!, mean(squares, { axes: [rank - 1], keepDims: true }), share);
  const columnMeanSquare = towards(state.columnMeanSquare!, mean(squares, { axes: [rank - 2], keepDims: true }), share);
  const total = maximum(mean(rowMeanSquare, { axes: [rank - 2], keepDims: true }), epsilon);
  return { estimate: div(mul(rowMeanSquare, columnMeanSquare), total), state: { rowMeanSquare, columnMeanSquare } };
}

function towards(average: NDArray, value: NDArray, share: NDArray): NDArray {
  return add(average, mul(sub(value, average), share));
}

function rootMeanSquare(x: NDArray): NDArray {
  return sqrt(mean(square(x)));
}
