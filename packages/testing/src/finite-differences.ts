import { placeholder, type DType, type NDArray, type Shape } from '@lossworks/ndarray';
import { evaluateExactly } from './reference/evaluate-exactly.js';

/** Numbers to compute with. */
export interface SampleArray {
  readonly shape: Shape;
  /** `float32` unless told; only those are differentiated. */
  readonly dtype?: DType;
  readonly data: ArrayLike<number>;
}

/** What is differentiated: recorded from arrays, giving arrays. */
export type RecordedFunction = (inputs: readonly NDArray[]) => readonly NDArray[];

/**
 * The gradient of Σ outputs·heads by central differences in float64, without any derivative rule: what a recorded gradient is compared with. Its own
 * error is about 1e-9 where the function is smooth over the step.
 *
 * @param heads elements of one head gradient an output.
 * @param step relative to max(1, |x|).
 * @returns one gradient an input; zeros for inputs that are no float32.
 */
export function numericGradient(f: RecordedFunction, inputs: readonly SampleArray[], heads: readonly ArrayLike<number>[], step = 1e-5): Float64Array[] {
  const run = evaluator(f, inputs);
  const data = inputs.map((input) => Float64Array.from(input.data));
  const weighted = (): number => run(data).reduce((sum, output, i) => sum + output.reduce((partial, element, j) => partial + element * heads[i]![j]!, 0), 0);
  return inputs.map(({ dtype = 'float32' }, i) => {
    const elements = data[i]!;
    const gradient = new Float64Array(elements.length);
    if (dtype !== 'float32') return gradient;
    return gradient.map((_, j) => {
      const x = elements[j]!;
      const h = step * Math.max(1, Math.abs(x));
      elements[j] = x + h;
      const above = weighted();
      elements[j] = x - h;
      const below = weighted();
      elements[j] = x;
      return (above - below) / (2 * h);
    });
  });
}

/** Records once; the returned function computes the outputs for any numbers, in float64. */
export function evaluator(f: RecordedFunction, inputs: readonly SampleArray[]): (data: readonly ArrayLike<number>[]) => Float64Array[] {
  const holders = inputs.map(({ shape, dtype }) => placeholder(shape, dtype));
  const outputs = f(holders);
  return (data) => evaluateExactly(outputs, new Map(holders.map((holder, i) => [holder, data[i]!])));
}
