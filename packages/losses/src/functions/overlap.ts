import { add, div, mul, sub, sum, type NDArray } from '@lossworks/ndarray';
import { float } from '@lossworks/graph';
import { within } from './check-inputs.js';
import { defineLoss } from './define-loss.js';
import { likeData } from './rows.js';

const smooth = { smooth: float('Added above and below, so that empty sets agree.', { fallback: 1, minimum: 0 }) };
const bits = () => within(1, 0, 1, 'labels are 0 and 1, or between');

/**
 * 1 − (2Σpy + s) / (Σp + Σy + s), a loss a sample, of data, probabilities, and label, 0 to 1, of one shape `[batch, …]`: put a sigmoid before it. s is
 * `smooth` (1, at least 0) (Milletari et al. 2016, without squares). Reduction, weights, errors: see `LossFunction`.
 */
export const diceLoss = defineLoss({
  name: 'DiceLoss',
  formula: '1 − (2Σpy + s) / (Σp + Σy + s)',
  source: 'Milletari et al. 2016 (V-Net), without squares',
  peers: ['keras', 'optax'],
  inputs: ['data', 'label'],
  samples: 'apart',
  parameters: smooth,
  inputChecks: bits,
  inputShapes: (data) => ({ label: data }),
  record: ({ data, label }, { smooth: s }) => {
    const { both, found, there } = overlap(data, label);
    return { losses: sub(1, div(both.mul(2).add(s), add(found, there).add(s))) };
  },
});

/**
 * 1 − (Σpy + s) / (Σpy + αΣp(1 − y) + βΣ(1 − p)y + s), a loss a sample, of data, probabilities, and label, 0 to 1, of one shape `[batch, …]`: put a sigmoid
 * before it. `alpha` and `beta` are 0.5, s is `smooth` (1), all at least 0 (Salehi et al. 2017). Reduction, weights, errors: see `LossFunction`.
 */
export const tverskyLoss = defineLoss({
  name: 'TverskyLoss',
  formula: '1 − (Σpy + s) / (Σpy + αΣp(1 − y) + βΣ(1 − p)y + s)',
  source: 'Salehi et al. 2017',
  peers: ['keras'],
  inputs: ['data', 'label'],
  samples: 'apart',
  parameters: {
    ...smooth,
    alpha: float('α: weight of what is found and is not there.', { fallback: 0.5, minimum: 0 }),
    beta: float('β: weight of what is there and is not found.', { fallback: 0.5, minimum: 0 }),
  },
  inputChecks: bits,
  inputShapes: (data) => ({ label: data }),
  record: ({ data, label }, { smooth: s, alpha, beta }) => {
    const { both, found, there } = overlap(data, label);
    // Σp(1 − y) = Σp − Σpy, and so the other way round.
    const apart = add(sub(found, both).mul(alpha), sub(there, both).mul(beta));
    return { losses: sub(1, div(both.add(s), add(both, apart).add(s))) };
  },
});

/** Sums over each sample of probabilities (batch, …) and labels 0 to 1 of that shape: of their products, and of both. */
function overlap(data: NDArray, label: NDArray): { both: NDArray; found: NDArray; there: NDArray } {
  const target = likeData(label, data);
  const axes = data.shape.map((_, axis) => axis).slice(1);
  return { both: sum(mul(data, target), { axes }), found: sum(data, { axes }), there: sum(target, { axes }) };
}
