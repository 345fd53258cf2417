import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runTrainingCase, type TrainingCase } from '../../testing/src/conformance/training-cases.js';

const recorded = (JSON.parse(readFileSync(new URL('../../testing/oracle/training.json', import.meta.url), 'utf8')) as { cases: TrainingCase[] }).cases;

describe('a module trains as MXNet 1.9.1 does', () => {
  it.each(recorded.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await runTrainingCase(item)).toEqual({ status: 'passed' });
  });

  it('the comparison fails where one weight after one update differs', async () => {
    const item = recorded.find(({ name }) => name === 'mlp_sgd')!;
    const steps = item.steps.map((step, i) => (i === 4 ? { ...step, args: { ...step.args, fc2_bias: step.args['fc2_bias']!.map((value) => Number(value) + 1e-3) } } : step));
    expect(await runTrainingCase({ ...item, steps })).toMatchObject({ status: 'failed', detail: expect.stringContaining('step 4: fc2_bias') });
  });
});
