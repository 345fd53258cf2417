import { nearest } from '../operators/near-miss.js';
import type { CustomArguments, CustomOpProp } from './custom-op.js';

/** A class of `CustomOpProp`; it is constructed with the operator's keyword arguments, as texts. */
export type CustomOpPropClass = new (keywordArguments: CustomArguments) => CustomOpProp;

const registered = new Map<string, CustomOpPropClass>();

/** Makes a custom operator known as `opType` to `custom` and to symbol JSON (MXNet `operator.register`). The same name again replaces it. */
export function registerCustomOp(opType: string, prop: CustomOpPropClass): void {
  registered.set(opType, prop);
}

/**
 * The prop for an operator's keyword arguments.
 *
 * @throws RangeError for a name that nobody registered.
 */
export function createProp(opType: string, keywordArguments: CustomArguments): CustomOpProp {
  const prop = registered.get(opType);
  if (!prop) {
    const close = nearest(opType, [...registered.keys()]);
    throw new RangeError(`there is no custom operator ${opType}${close ? `; did you mean ${close}?` : ''} Register it first: registerCustomOp('${opType}', …)`);
  }
  return new prop(keywordArguments);
}
