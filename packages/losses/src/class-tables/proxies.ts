import {
  cast, div, equal, equalsClass, formatShape, greater, logicalAnd, logicalNot, logicalOr, logSumExp, matmul, maximum, mul, reshape, square, sub, sum, transpose, where, type NDArray,
} from '@lossworks/ndarray';
import { bool, float, int } from '@lossworks/graph';
import { defineLoss } from '../functions/define-loss.js';
import { checkMatrix, chosen, lengths, normalized, squaredDistances } from '../functions/rows.js';
import { softplus } from '../functions/softplus.js';

const never = -1e30;

export const tableParameters = { num_class: int('Number of classes, where the table’s shape is to be inferred; 0: the table’s own.', { fallback: 0, minimum: 0 }) };

/** Requires data (batch, dimensions), label (batch) and a table (classes, dimensions). */
export function checkTable(data: NDArray, label: NDArray, table: NDArray, name: string): void {
  checkMatrix('data', data);
  const [batch, dimensions] = data.shape as [number, number];
  if (label.size !== batch) throw new RangeError(`label has shape ${formatShape(label.shape)}, data ${formatShape(data.shape)} needs [${batch}]`);
  if (table.shape.length !== 2 || table.shape[1] !== dimensions) throw new RangeError(`${name} has shape ${formatShape(table.shape)}, data ${formatShape(data.shape)} needs [classes,${dimensions}]`);
}

/**
 * ½(‖x‖ − R)²: keeps the lengths of features near one radius, which is learnt along; a loss a sample, of data `[batch, dimensions]` and radius `[1]`, 1 at
 * first (Zheng et al. 2018). Reduction, weights, errors: see `LossFunction`.
 */
export const ringLoss = defineLoss({
  name: 'RingLoss',
  formula: '½(‖x‖ − R)²',
  source: 'Zheng, Pal and Savvides, CVPR 2018',
  gradient: 'derivative; 0 for a zero vector',
  state: 'radius R (1): an argument, trained',
  peers: [],
  inputs: ['data', 'radius'],
  initializers: { radius: '["one", {}]' },
  samples: 'apart',
  parameters: {},
  inputShapes: () => ({ radius: [1] }),
  record: ({ data, radius }) => {
    checkMatrix('data', data);
    if (radius.size !== 1) throw new RangeError(`radius has shape ${formatShape(radius.shape)}; it needs [1]`);
    return { losses: square(sub(reshape(lengths(data), [data.shape[0]!]), reshape(radius, [1]))).mul(0.5) };
  },
});

/**
 * −log softmax_j(−s·d(x, p_j)) at the own proxy, d the squared distance of unit vectors: a loss a sample, of data `[batch, dimensions]`, label `[batch]` and
 * proxy `[classes, dimensions]`, trained. s is `softmaxScale` (1); with `includeOwn: false`, as in 2017, the sum leaves the own proxy out, and the loss may
 * be negative (Movshovitz-Attias et al. 2017). For symbols `numClass` tells the proxy's shape. Reduction, weights, errors: see `LossFunction`.
 */
export const proxyNcaLoss = defineLoss({
  name: 'ProxyNCALoss',
  formula: '−log(e^(−s·d(x, p_y)) / Σ_j e^(−s·d(x, p_j))), d squared distance of unit vectors',
  source: 'Movshovitz-Attias et al. 2017; own proxy in the sum: Teh et al. 2020 (ProxyNCA++)',
  state: 'proxy (classes, dimensions): an argument, trained',
  peers: ['pytorch-metric-learning'],
  inputs: ['data', 'label', 'proxy'],
  initializers: { proxy: '["normal", {"sigma": 1}]' },
  samples: 'apart',
  parameters: {
    ...tableParameters,
    softmax_scale: float('s.', { fallback: 1 }),
    include_own: bool('Whether the sum includes the own proxy; without it, as in 2017, the loss may be negative.', { fallback: true }),
  },
  inputShapes: ([batch, dimensions], { num_class }) => ({ label: [batch!], proxy: [num_class, dimensions!] }),
  inputChecks: (_, [, , proxy]) => [{ input: 1, holds: 'classes', classes: proxy![0]! }],
  record: ({ data, label, proxy }, { softmax_scale, include_own }) => {
    checkTable(data, label, proxy, 'proxy');
    const scores = squaredDistances(normalized(data), normalized(proxy)).mul(-softmax_scale);
    const isOwn = equalsClass(reshape(label, [label.size]), proxy.shape[0]!);
    const total = reshape(logSumExp(include_own ? scores : where(isOwn, never, scores)), [label.size]);
    return { losses: sub(total, chosen(scores, label)) };
  },
});

/**
 * Each proxy attracts its class and repels the others, the hardest samples most: a loss a proxy, `[classes]`, whose mean is the paper's, of data `[batch,
 * dimensions]`, label `[batch]` and proxy `[classes, dimensions]`, trained. `alpha` (32) sharpens, `margin` is 0.1 (Kim et al. 2020). For symbols `numClass`
 * tells the proxy's shape. Reduction, weights, errors: see `LossFunction`.
 */
export const proxyAnchorLoss = defineLoss({
  name: 'ProxyAnchorLoss',
  formula: '1/|P⁺| Σ_{p∈P⁺} log(1 + Σ_{x of p} e^(−α(cos(x, p) − δ))) + 1/|P| Σ_p log(1 + Σ_{x not of p} e^(α(cos(x, p) + δ)))',
  source: 'Kim et al., CVPR 2020',
  state: 'proxy (classes, dimensions): an argument, trained',
  peers: ['pytorch-metric-learning'],
  inputs: ['data', 'label', 'proxy'],
  initializers: { proxy: '["normal", {"sigma": 1}]' },
  samples: 'together',
  parameters: {
    ...tableParameters,
    alpha: float('α: how much the hardest count.', { fallback: 32 }),
    margin: float('δ.', { fallback: 0.1 }),
  },
  inputShapes: ([batch, dimensions], { num_class }) => ({ label: [batch!], proxy: [num_class, dimensions!], sample_weight: [num_class] }),
  inputChecks: (_, [, , proxy]) => [{ input: 1, holds: 'classes', classes: proxy![0]! }],
  record: ({ data, label, proxy }, { alpha, margin }, real) => {
    checkTable(data, label, proxy, 'proxy');
    const classes = proxy.shape[0]!;
    const isClass = equalsClass(reshape(label, [label.size]), classes);
    const isPadding = real && equal(reshape(real, [label.size, 1]), 0);
    const isOwn = isPadding ? logicalAnd(isClass, logicalNot(isPadding)) : isClass;
    const cosines = matmul(normalized(data), normalized(proxy), { transposeB: true });
    // log(1 + Σ eˣ) = softplus(log Σ eˣ)
    const overSamples = (scores: NDArray): NDArray => softplus(reshape(logSumExp(transpose(scores)), [classes]));
    const attraction = overSamples(where(isOwn, cosines.sub(margin).mul(-alpha), never));
    const repulsion = overSamples(where(isPadding ? logicalOr(isClass, isPadding) : isClass, never, cosines.add(margin).mul(alpha)));
    const present = sum(cast(greater(sum(cast(isOwn, 'float32'), { axes: 0 }), 0), 'float32'));
    return { losses: mul(attraction, div(classes, maximum(present, 1))).add(repulsion) };
  },
});
