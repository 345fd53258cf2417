import { add, div, matmul, maximum, mul, type NDArray, reshape, transpose, zeros } from '@lossworks/ndarray';
import { chain, type GradientTransform } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecoupledDecay } from '../transforms/add-decoupled-decay.js';
import { choose } from '../transforms/choose.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { adamwChain } from './adamw.js';
import { movingAverage } from './moments.js';
import { norm } from './norm.js';

/**
 * Momentum whose matrix is made nearly orthogonal before each step (Jordan et al. 2024); kernels are read as matrices of one row a filter. Vectors
 * and scalars, which have nothing to make orthogonal, take AdamW's step. Give embeddings and output layers a rule of their own.
 */
export const muon = defineRule({
  defaults: { learningRate: 0.001, momentum: 0.95, nesterov: true, iterations: 5, weightDecay: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  transform(options) {
    const { rescaleGradient, clipGradient, momentum, nesterov, iterations } = options;
    const forMatrices = chain(
      rescale(rescaleGradient),
      clipUnlessZero(clipGradient),
      averageGradient(momentum, nesterov),
      orthogonalize(iterations),
      scaleBySchedule(),
      addDecoupledDecay(),
    );
    const forVectors = adamwChain(options);
    return choose('muon', ({ shape }) => (shape.length >= 2 ? forMatrices : forVectors));
  },
});

/** m = μ·m + (1−μ)·g; with Nesterov's look-ahead μ·m + (1−μ)·g once more. */
function averageGradient(momentum: number, nesterov: boolean): GradientTransform {
  return {
    name: 'averageGradient',
    init: (weight) => ({ momentum: zeros(weight.shape) }),
    update({ gradient, state }) {
      const memory = movingAverage(state.momentum!, gradient, momentum);
      return { gradient: nesterov ? movingAverage(memory, gradient, momentum) : memory, state: { momentum: memory } };
    },
  };
}

/** The quintic x ← a·x + (b·xxᵀ + c·(xxᵀ)²)·x, whose slope at 0 is steep: singular values end between about 0.7 and 1.2. */
const [a, b, c] = [3.4445, -4.775, 2.0315];

/**
 * Newton–Schulz iterations on g/‖g‖, times √max(1, rows/columns) (Jordan et al. 2024). A gradient of shape [rows, …] is read as a matrix of one row
 * an index of the first axis, and keeps its shape.
 */
export function orthogonalize(iterations: number): GradientTransform {
  return {
    name: 'orthogonalize',
    init: () => ({}),
    update({ gradient }) {
      const [rows = 1, ...rest] = gradient.shape;
      const columns = rest.reduce((product, size) => product * size, 1);
      const matrix = reshape(gradient, [rows, columns]);
      // The shorter side first: the products are then the smaller ones.
      const isTall = rows > columns;
      let x: NDArray = isTall ? transpose(matrix) : matrix;
      x = div(x, maximum(norm(x), 1e-7));
      for (let i = 0; i < iterations; i++) {
        const gram = matmul(x, x, { transposeB: true });
        const polynomial = add(mul(gram, b), mul(matmul(gram, gram), c));
        x = add(mul(x, a), matmul(polynomial, x));
      }
      const orthogonal = reshape(isTall ? transpose(x) : x, gradient.shape);
      return { gradient: mul(orthogonal, Math.sqrt(Math.max(1, rows / columns))), state: {} };
    },
  };
}
