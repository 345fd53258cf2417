import type { WindowAttributes } from '../../primitives/primitive.js';
import { sizeOf } from '../../shape.js';
import type { LoweringCall } from './lowerings.js';
import type { OnnxAttribute } from './model-writer.js';

function attributesOf({ kernel, strides, padsBefore, padsAfter }: WindowAttributes): { [name: string]: OnnxAttribute } {
  return { kernel_shape: kernel, strides, pads: [...padsBefore, ...padsAfter] };
}

export function lowerMaxPool({ builder, attributes, operands: [x] }: LoweringCall<'maxPool'>): string {
  return builder.op('MaxPool', [x!.name()], attributesOf(attributes));
}

/** Scatters by the pooling's indices, which name the first maximum. */
export function lowerMaxPoolGradient({ builder, attributes, operands: [x, , gradient] }: LoweringCall<'maxPoolGradient'>): string {
  const [, indices] = builder.sharedOp('MaxPool', [x!.name()], 2, attributesOf(attributes));
  const { kernel, strides, padsBefore, padsAfter } = attributes;
  const tiles = kernel.every((length, i) => length === strides[i] && padsBefore[i] === 0 && padsAfter[i] === 0 && x!.shape[i + 2]! % length === 0);
  if (tiles) return builder.op('MaxUnpool', [gradient!.name(), indices!], { kernel_shape: kernel, strides });
  const zeros = builder.op('Expand', [builder.float(0), builder.int64([sizeOf(x!.shape)])]);
  const flat = (name: string): string => builder.reshape(name, [-1]);
  return builder.reshape(builder.op('ScatterElements', [zeros, flat(indices!), flat(gradient!.name())], { axis: 0, reduction: 'add' }), x!.shape);
}
