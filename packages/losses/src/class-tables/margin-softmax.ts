import { exp, less, log, matmul, max, maximum, mul, sqrt, stopGradient, sub, sum, transpose, where, type NDArray } from '@lossworks/ndarray';
import { choice, float, type ParameterTable, type ParameterValues } from '@lossworks/graph';
import { defineLoss, type LossFunction } from '../functions/define-loss.js';
import { addedTo, chosen, lengths, normalized } from '../functions/rows.js';
import { checkTable, tableParameters } from './proxies.js';

/** One way to make the true class harder to score for. */
interface Margin<Table extends ParameterTable> {
  readonly name: string;
  readonly formula: string;
  readonly source: string;
  readonly peers: readonly string[];
  readonly parameters: Table;
  /** What the cosine of the true class becomes. */
  target(cosine: NDArray, parameters: ParameterValues<Table>): NDArray;
  /** What cosines (batch, classes) are multiplied by. */
  factor(data: NDArray, weight: NDArray, parameters: ParameterValues<Table>): NDArray | number;
}

interface Inputs {
  readonly data: NDArray;
  readonly label: NDArray;
  readonly weight: NDArray;
}

const scaled = { scale: float('s: what cosines are multiplied by before the softmax.', { fallback: 30 }) };
const scaleOf = (_: NDArray, __: NDArray, { scale }: { readonly scale: number }): number => scale;
const multiple = { margin: choice('m: how many times the angle to the true class counts.', ['1', '2', '3', '4'], { fallback: '4' }) };

/** cos(m·θ) by cos θ. */
const multiples: { readonly [m: string]: (c: NDArray) => NDArray } = {
  1: (c) => c,
  2: (c) => mul(c, c).mul(2).sub(1),
  3: (c) => mul(c, mul(c, c).mul(4).sub(3)),
  4: (c) => {
    const squared = mul(c, c);
    return mul(squared, squared.sub(1)).mul(8).add(1);
  },
};

/** ψ(θ) = (−1)^k cos(mθ) − 2k for θ between kπ/m and (k + 1)π/m: falls all the way from θ = 0 to π. */
function psi(cosine: NDArray, { margin }: { readonly margin: string }): NDArray {
  const m = Number(margin);
  let result = multiples[margin]!(cosine);
  const wave = result;
  for (let k = 1; k < m; k++) result = where(less(cosine, Math.cos((k * Math.PI) / m)), wave.mul(k % 2 === 0 ? 1 : -1).sub(2 * k), result);
  return result;
}

/** The ways, by name. */
export const margins = {
  normFace: defineMargin({
    name: 'NormFaceLoss',
    formula: 'softmax cross entropy of s·cos θ_j',
    source: 'Wang et al. 2017 (NormFace)',
    peers: ['pytorch-metric-learning (NormalizedSoftmax)'],
    parameters: scaled,
    target: (cosine) => cosine,
    factor: scaleOf,
  }),
  cosFace: defineMargin({
    name: 'CosFaceLoss',
    formula: 'softmax cross entropy of s(cos θ_y − m), s·cos θ_j',
    source: 'Wang et al., CVPR 2018 (CosFace); AM-Softmax',
    peers: ['pytorch-metric-learning'],
    parameters: { ...scaled, margin: float('m.', { fallback: 0.35 }) },
    target: (cosine, { margin }) => cosine.sub(margin),
    factor: scaleOf,
  }),
  arcFace: defineMargin({
    name: 'ArcFaceLoss',
    formula: 'softmax cross entropy of s·cos(θ_y + m), s·cos θ_j; beyond θ_y = π − m: s(cos θ_y − m·sin m)',
    source: 'Deng et al., CVPR 2019 (ArcFace)',
    peers: ['pytorch-metric-learning'],
    parameters: { ...scaled, margin: float('m, in radians.', { fallback: 0.5, minimum: 0, maximum: Math.PI }) },
    target: (cosine, { margin }) => {
      const sine = sqrt(maximum(sub(1, mul(cosine, cosine)), 1e-12));
      const turned = sub(cosine.mul(Math.cos(margin)), sine.mul(Math.sin(margin)));
      return where(less(cosine, Math.cos(Math.PI - margin)), cosine.sub(margin * Math.sin(margin)), turned);
    },
    factor: scaleOf,
  }),
  sphereFace: defineMargin({
    name: 'SphereFaceLoss',
    formula: 'softmax cross entropy of ‖x‖ψ(θ_y), ‖x‖cos θ_j; ψ(θ) = (−1)^k cos mθ − 2k',
    source: 'Liu et al., CVPR 2017 (SphereFace, A-Softmax)',
    peers: ['pytorch-metric-learning'],
    parameters: multiple,
    target: psi,
    factor: (data) => lengths(data),
  }),
  largeMargin: defineMargin({
    name: 'LargeMarginSoftmaxLoss',
    formula: 'softmax cross entropy of ‖x‖‖w_y‖ψ(θ_y), ‖x‖‖w_j‖cos θ_j; ψ(θ) = (−1)^k cos mθ − 2k',
    source: 'Liu et al., ICML 2016 (L-Softmax)',
    peers: ['pytorch-metric-learning'],
    parameters: multiple,
    target: psi,
    factor: (data, weight) => mul(lengths(data), transpose(lengths(weight))),
  }),
};

export type MarginName = keyof typeof margins;

function defineMargin<const Table extends ParameterTable>(margin: Margin<Table>): Margin<Table> {
  return margin;
}

/** (batch, classes): scores by cosine, with the margin at the true class. */
export function marginScores<Table extends ParameterTable>(margin: Margin<Table>, { data, label, weight }: Inputs, parameters: ParameterValues<Table>): NDArray {
  checkTable(data, label, weight, 'weight');
  const cosines = matmul(normalized(data), normalized(weight), { transposeB: true });
  // Only the true classes' cosines change: one number a row, added where it belongs.
  const own = chosen(cosines, label);
  return mul(addedTo(cosines, label, sub(margin.target(own, parameters), own)), margin.factor(data, weight, parameters));
}

function marginLoss<const Table extends ParameterTable>(margin: Margin<Table>): LossFunction<'data' | 'label' | 'weight', never, Table & typeof tableParameters> {
  const loss = defineLoss({
    name: margin.name,
    formula: margin.formula,
    source: margin.source,
    state: 'weight (classes, dimensions): an argument, trained',
    peers: margin.peers,
    inputs: ['data', 'label', 'weight'],
    samples: 'apart',
    parameters: { ...tableParameters, ...margin.parameters } as ParameterTable,
    inputShapes: ([batch, dimensions], parameters) => ({ label: [batch!], weight: [(parameters as { num_class: number }).num_class, dimensions!] }),
    inputChecks: (_, [, , weight]) => [{ input: 1, holds: 'classes', classes: weight![0]! }],
    record: (inputs, parameters) => {
      const scores = marginScores(margin, inputs, parameters as ParameterValues<Table>);
      const shifted = sub(scores, stopGradient(max(scores, { axes: 1, keepDims: true })));
      return { losses: sub(log(sum(exp(shifted), { axes: 1 })), chosen(shifted, inputs.label)) };
    },
  });
  return loss as unknown as LossFunction<'data' | 'label' | 'weight', never, Table & typeof tableParameters>;
}

/**
 * Softmax cross entropy of s·cos θ_j; s is `scale` (30) (Wang et al. 2017). data `[batch, dimensions]`, label `[batch]`, weight `[classes, dimensions]`,
 * trained; a loss a sample. For symbols `numClass` tells the weight's shape. Reduction, weights, errors: see `LossFunction`.
 */
export const normFaceLoss = marginLoss(margins.normFace);
/**
 * Softmax cross entropy with s(cos θ_y − m) for the true class; s is `scale` (30), m `margin` (0.35) (Wang et al. 2018). data `[batch, dimensions]`, label
 * `[batch]`, weight `[classes, dimensions]`, trained; a loss a sample. For symbols `numClass` tells the weight's shape. Reduction, weights, errors: see
 * `LossFunction`.
 */
export const cosFaceLoss = marginLoss(margins.cosFace);
/**
 * Softmax cross entropy with s·cos(θ_y + m) for the true class; s is `scale` (30), m `margin` (0.5, radians, 0 to π) (Deng et al. 2019). data `[batch,
 * dimensions]`, label `[batch]`, weight `[classes, dimensions]`, trained; a loss a sample. For symbols `numClass` tells the weight's shape. Reduction,
 * weights, errors: see `LossFunction`.
 */
export const arcFaceLoss = marginLoss(margins.arcFace);
/**
 * Softmax cross entropy with ‖x‖ψ(θ_y) for the true class, ψ falling like cos mθ; m is `margin` ('1' to '4', which it is unless given) (Liu et al. 2017).
 * data `[batch, dimensions]`, label `[batch]`, weight `[classes, dimensions]`, trained; a loss a sample. For symbols `numClass` tells the weight's shape.
 * Reduction, weights, errors: see `LossFunction`.
 */
export const sphereFaceLoss = marginLoss(margins.sphereFace);
/**
 * SphereFace with the weights' lengths, ‖x‖‖w_y‖ψ(θ_y); m is `margin` ('1' to '4', which it is unless given) (Liu et al. 2016). data `[batch, dimensions]`,
 * label `[batch]`, weight `[classes, dimensions]`, trained; a loss a sample. For symbols `numClass` tells the weight's shape. Reduction, weights, errors: see
 * `LossFunction`.
 */
export const largeMarginLoss = marginLoss(margins.largeMargin);
