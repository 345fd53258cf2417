import { full } from '@lossworks/ndarray';
import { defineInitializer } from './initializer-rule.js';

export interface ConstantOptions {
  value: number;
}

/** Every weight is one number (MXNet `Constant`). */
export const constant = defineInitializer<ConstantOptions>({
  name: 'constant',
  defaults: { value: Number.NaN },
  check({ value }) {
    if (typeof value !== 'number' || Number.isNaN(value)) throw new RangeError(`constant: value is ${String(value)}; give the number to fill with`);
  },
  fill: ({ shape }, { value }) => full(shape, value),
});

/** Every weight is 0 (MXNet `Zero`). */
export const zero = defineInitializer({ name: 'zero', defaults: {}, fill: ({ shape }) => full(shape, 0) });

/** Every weight is 1 (MXNet `One`). */
export const one = defineInitializer({ name: 'one', defaults: {}, fill: ({ shape }) => full(shape, 1) });
