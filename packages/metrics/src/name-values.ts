/** `EvalMetric: {'accuracy': 0.5}`, as a metric prints itself in MXNet. */
export function formatNameValues(pairs: readonly [name: string, value: number][]): string {
  return `EvalMetric: {${pairs.map(([name, value]) => `'${name}': ${value}`).join(', ')}}`;
}
