import { describe, expect, it } from 'vitest';
import { runMetricCase, type MetricCase } from '../../testing/src/conformance/metric-cases.js';
import { recordedCases } from './recorded-cases.js';

describe('metrics give the values recorded from MXNet 1.9.1', () => {
  it.each(recordedCases().map(recorded => [recorded.name, recorded] as const))('%s', (_, recorded) => {
    expect(runMetricCase(recorded)).toEqual({ status: 'passed' });
  });

  it('a wrong value fails with what was expected', () => {
    const accuracy = recordedCases().find(recorded => recorded.name === 'accuracy_ties') as MetricCase & { kind: 'metric' };
    const altered: MetricCase = { ...accuracy, values: [['accuracy', 0.25]], config: { ...accuracy.config, axis: 2 } };
    const result = runMetricCase(altered);
    expect(result.status).toBe('failed');
    expect(result).toHaveProperty('detail', expect.stringContaining('values[0][0]: 0.5 instead of 0.25'));
    expect(result).toHaveProperty('detail', expect.stringContaining('config.axis is 1 instead of 2'));
  });

  it('a refusal that nobody knows is reported, not passed', () => {
    expect(runMetricCase({ name: 'err_of_tomorrow', kind: 'metric_error', error: 'ValueError' }).status).toBe('skipped');
  });
});
