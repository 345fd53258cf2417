import { add, constant, div, gather, mul, reshape, scatterAdd, sub, vjp, type NDArray } from '@lossworks/ndarray';
import type { ParameterTable, ParameterValues } from '@lossworks/graph';
import type { ClassTable, ClassTableInputs } from './class-table.js';

/** What a batch adds to centers that follow it: Σ(x − c) (classes, dimensions) and the count (classes, 1) of each class. */
export function centerContributions({ data, label, center }: ClassTableInputs, real?: NDArray): NDArray[] {
  const [classes, dimensions] = center.shape as [number, number];
  const batch = data.shape[0]!;
  const present = real ? reshape(real, [batch, 1]) : constant(1, [batch, 1]);
  const difference = sub(data, gather(center, label));
  return [
    scatterAdd(constant(0, [classes, dimensions]), label, real ? mul(difference, present) : difference),
    scatterAdd(constant(0, [classes, 1]), label, present),
  ];
}

/** Centers after a step: c + α Σ(x − c) / (1 + n), and down the slope of the table's own term. */
export function movedCenters(table: ClassTable, center: NDArray, [sums, counts]: readonly NDArray[], { alpha, ...parameters }: ParameterValues<ParameterTable> & { readonly alpha: number }): NDArray {
  const followed = add(center, div(sums!.mul(alpha), counts!.add(1)));
  const apart = table.centerTerm && vjp([table.centerTerm(center, parameters as never)], [center], [constant(1)])[0]!;
  return apart ? sub(followed, apart.mul(alpha)) : followed;
}
