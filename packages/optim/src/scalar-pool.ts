import { type NDArray, scalar } from '@lossworks/ndarray';

/**
 * Scalars by role and number, so that all parameters share one array while the number is the same: a program then has one input for the learning
 * rate, and an unchanged rate is not uploaded again. Numbers that a whole step did not ask for are dropped.
 */
export class ScalarPool {
  private current = new Map<string, NDArray>();

  get(role: string, value: number): NDArray {
    const key = `${role}=${value}`;
    const known = this.current.get(key) ?? scalar(value);
    this.current.set(key, known);
    return known;
  }

  nextStep(): void {
    this.current = new Map();
  }
}
