import { arange, div, equal, equalsClass, matmul, min, relu, reshape, sub, sum, where, type NDArray } from '@lossworks/ndarray';
import { float } from '@lossworks/graph';
import { normalized, squaredDistances } from '../functions/rows.js';
import { defineClassTable, type ClassTableInputs } from './class-table.js';
import { classTableOperator } from './class-table-operator.js';
import { ownDistances } from './center-loss.js';

/** (batch, classes): squared distances to the centers of other classes, a given number at the own one. */
function otherDistances({ data, label, center }: ClassTableInputs, own: number): NDArray {
  return where(equalsClass(reshape(label, [label.size]), center.shape[0]!), own, squaredDistances(data, center));
}

/** Near the own center and far from the others, as a quotient. */
export const contrastiveCenterTable = defineClassTable({
  name: 'ContrastiveCenterLoss',
  formula: '½‖x − c_y‖² / (Σ_{j≠y}‖x − c_j‖² + δ)',
  source: 'Qi and Su 2017, arXiv 1707.07391',
  peers: [],
  parameters: { delta: float('δ: keeps the divisor from 0.', { fallback: 1, minimum: 0 }) },
  losses: (inputs, { delta }) => div(ownDistances(inputs), sum(otherDistances(inputs, 0), { axes: 1 }).add(delta)),
});

/** Center loss that also drives the directions of the centers apart. */
export const islandTable = defineClassTable({
  name: 'IslandLoss',
  formula: '½‖x − c_y‖² + C, C = λ₁/(2(K − 1)) Σ_{j≠k}(cos(c_j, c_k) + 1)',
  source: 'Cai et al., FG 2018; C with the factor of their update of the centers',
  peers: [],
  parameters: { island: float('λ₁: weight of the centers’ cosines.', { fallback: 10 }) },
  losses: ownDistances,
  centerTerm: (center, { island }) => {
    const classes = center.shape[0]!;
    const directions = normalized(center);
    const itself = equal(reshape(arange(classes), [classes, 1]), reshape(arange(classes), [1, classes]));
    const cosines = where(itself, 0, matmul(directions, directions, { transposeB: true }).add(1));
    return sum(cosines).mul(island / (2 * Math.max(1, classes - 1)));
  },
});

/** Center loss that pushes features away from the other centers. */
export const gitTable = defineClassTable({
  name: 'GitLoss',
  formula: '½‖x − c_y‖² + λ_G Σ_{j≠y} 1/(1 + ‖x − c_j‖²)',
  source: 'Calefati et al., BMVC 2018',
  peers: [],
  parameters: { git: float('λ_G: weight of the push.', { fallback: 1 }) },
  losses: (inputs, { git }) => {
    const classes = inputs.center.shape[0]!;
    const isOwn = equalsClass(reshape(inputs.label, [inputs.label.size]), classes);
    const push = where(isOwn, 0, div(1, squaredDistances(inputs.data, inputs.center).add(1)));
    return ownDistances(inputs).add(sum(push, { axes: 1 }).mul(git));
  },
});

/** The own center must be nearer than the nearest other one by a margin. */
export const tripletCenterTable = defineClassTable({
  name: 'TripletCenterLoss',
  formula: 'max(0, D(x, c_y) + m − min_{j≠y} D(x, c_j))',
  source: 'He et al., CVPR 2018',
  peers: [],
  parameters: { margin: float('m.', { fallback: 5 }) },
  losses: (inputs, { margin }) => {
    const nearest = min(otherDistances(inputs, 1e30), { axes: 1 }).mul(0.5);
    return relu(sub(ownDistances(inputs).add(margin), nearest));
  },
});

export const contrastiveCenterLossOperator = classTableOperator(contrastiveCenterTable);
export const islandLossOperator = classTableOperator(islandTable);
export const gitLossOperator = classTableOperator(gitTable);
export const tripletCenterLossOperator = classTableOperator(tripletCenterTable);
