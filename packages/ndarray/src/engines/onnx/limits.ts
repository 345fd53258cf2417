import { constantValue } from '../../program/program.js';
import { broadcastNames, type Operand } from './lower-program.js';
import type { LoweringCall } from './lowerings.js';

/** The smaller of two; a maximum with one number in a minimum with another is a single `Clip`, half the time. */
export function lowerMin(call: LoweringCall<'min'>): string {
  const { builder, operands, result, layout } = call;
  const [inner, high] = [operands[0]!, constantOf(operands[1]!)];
  const [x, low] = inner.single && inner.step?.primitive === 'max' ? inner.operands() : [];
  const lowest = low && constantOf(low);
  if (result.dtype === 'float32' && lowest !== undefined && high !== undefined && lowest <= high) return builder.op('Clip', [x!.name(layout), builder.float(lowest), builder.float(high)]);
  return builder.op('Min', broadcastNames(builder, operands, result.shape, layout));
}

/**
 * −1, 0 or 1. ONNX Runtime computes `Sign` number by number, 1.1 ms for half a million; made so large that every number but 0 reaches the limits, 0.4.
 */
export function lowerSign({ builder, operands: [x], result, layout }: LoweringCall<'sign'>): string {
  if (result.dtype !== 'float32') return builder.op('Sign', [x!.name(layout)]);
  // Twice, since the smallest float32 is further from 1 than the largest number is.
  const large = builder.float(2 ** 127);
  return builder.op('Clip', [builder.op('Mul', [builder.op('Mul', [x!.name(layout), large]), large]), builder.float(-1), builder.float(1)]);
}

function constantOf(operand: Operand): number | undefined {
  if (operand.step?.primitive === 'broadcastTo') return constantOf(operand.operands()[0]!);
  return constantValue(operand.step);
}
