import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runTrainingCase, type TrainingCase } from '../../testing/src/conformance/training-cases.js';

const recorded = (JSON.parse(readFileSync(new URL('../../testing/oracle/training.json', import.meta.url), 'utf8')) as { cases: TrainingCase[] }).cases;
const single = recorded.filter(({ numDevices }) => numDevices === 1);

describe('a module trains as MXNet 1.9.1 does', () => {
  it.each(single.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await runTrainingCase(item)).toEqual({ status: 'passed' });
  });

  it('several devices are named as what is missing', async () => {
    const results = await Promise.all(recorded.filter(({ numDevices }) => numDevices > 1).map(runTrainingCase));
    expect(results).toEqual(results.map(() => ({ status: 'skipped', reason: 'several devices are not built yet' })));
  });

  it('the comparison fails where one weight after one update differs', async () => {
    const item = single.find(({ name }) => name === 'mlp_sgd')!;
    const steps = item.steps.map((step, i) => (i === 4 ? { ...step, args: { ...step.args, fc2_bias: step.args['fc2_bias']!.map((value) => Number(value) + 1e-3) } } : step));
    expect(await runTrainingCase({ ...item, steps })).toMatchObject({ status: 'failed', detail: expect.stringContaining('step 4: fc2_bias') });
  });
});
