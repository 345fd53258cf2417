import { gather, square, sub, sum, type NDArray } from '@lossworks/ndarray';
import { defineClassTable, type ClassTableInputs } from './class-table.js';
import { classTableOperator } from './class-table-operator.js';

/** ½‖x − c_y‖² of each sample. */
export function ownDistances({ data, label, center }: ClassTableInputs): NDArray {
  return sum(square(sub(data, gather(center, label))), { axes: 1 }).mul(0.5);
}

/** Pulls features towards the center of their class. */
export const centerTable = defineClassTable({
  name: 'CenterLoss',
  formula: '½‖x − c_y‖²',
  source: 'Wen, Zhang, Li and Qiao, ECCV 2016',
  peers: [],
  parameters: {},
  losses: ownDistances,
});

export const centerLossOperator = classTableOperator(centerTable);
