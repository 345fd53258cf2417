import type { Symbol } from '@lossworks/graph';
import { lossWeights, type DescribeOptions } from './loss-weights.js';

/**
 * A text that says what each loss of a symbol really weighs after every normalisation, and what that is beside the first one, one paragraph a loss. See
 * `lossWeights`, also for errors.
 */
export function describeLosses(symbol: Symbol, options: DescribeOptions): string {
  const weights = lossWeights(symbol, options);
  const first = weights[0]!.weight;
  const lines = weights.flatMap(({ output, loss, weight, factors, notes }, i) => [
    `${output}: ${format(weight)} × mean of ${loss}${i > 0 ? `; ${format(weight / first)} of the first` : ''}`,
    `  = ${factors.join(' · ')}`,
    ...notes.map((note) => `  note: ${note}`),
  ]);
  return lines.join('\n');
}

function format(value: number): string {
  return Number.isNaN(value) ? 'unknown' : Number(value.toPrecision(4)).toString();
}
