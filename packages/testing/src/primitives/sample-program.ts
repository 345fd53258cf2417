import type { Primitive, Program } from '@lossworks/ndarray';
import { shapeRules, type Signature } from '@lossworks/ndarray/internal';
import type { PrimitiveSample } from './primitive-info.js';

type AnyRule = (attributes: object, operands: readonly Signature[], name: string) => Signature;

/** What the library says about a call's result, before anything is computed. */
export function inferredSignature(primitive: Primitive, { attributes, operands }: { readonly attributes: object; readonly operands: readonly Signature[] }): Signature {
  const { shape, dtype } = (shapeRules[primitive] as AnyRule)(attributes, operands, primitive);
  return { shape, dtype };
}

/** A program of the one call. */
export function sampleProgram<P extends Primitive>(primitive: P, sample: PrimitiveSample<P>): Program {
  const inputs = sample.operands.map(({ shape, dtype }) => ({ shape, dtype }));
  const result = inferredSignature(primitive, sample);
  return {
    inputs,
    steps: [{ primitive, attributes: sample.attributes, operands: inputs.map((_, i) => i), shape: result.shape, dtype: result.dtype }],
    outputs: [inputs.length],
  };
}
