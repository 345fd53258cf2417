import type { Primitive, PrimitiveAttributes } from '@lossworks/ndarray';
import type { ReferenceArray } from './reference-array.js';

/** What a primitive means, written as plainly as possible: no speed, no sharing with what is tested against it. */
export type ReferenceRule<P extends Primitive> = (attributes: PrimitiveAttributes[P], operands: readonly ReferenceArray[]) => ReferenceArray;
