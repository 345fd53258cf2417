import { type NDArray, scalar } from '@lossworks/ndarray';

/**
 * Scalars by role and number, so that all parameters of a step share one array: a program then has one input for the learning rate. Every step has its own, so
 * that steps which run as one are the same program whether the rate changes between them or not.
 */
export class ScalarPool {
  private current = new Map<string, NDArray>();

  get(role: string, value: number): NDArray {
    const key = `${role}=${Object.is(value, -0) ? '-0' : value}`;
    const known = this.current.get(key) ?? scalar(value);
    this.current.set(key, known);
    return known;
  }

  nextStep(): void {
    this.current = new Map();
  }
}
