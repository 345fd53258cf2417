/** `'macro'` averages the values of the updates, `'micro'` computes one value from everything seen. */
export type Average = 'macro' | 'micro';
export const averages: readonly Average[] = ['macro', 'micro'];
