import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type OptimizerCase, runOptimizerCase } from '../../testing/src/conformance/optimizer-cases.js';

function recordedCases(file: string): readonly OptimizerCase[] {
  const text = readFileSync(new URL(`../../testing/oracle/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { cases: OptimizerCase[] }).cases;
}

describe.each(['schedulers.json', 'optim.json'])('%s: what MXNet 1.9.1 computes', (file) => {
  it.each(recordedCases(file).map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
    expect(await runOptimizerCase(recorded)).toEqual({ status: 'passed' });
  });
});

describe('the comparison', () => {
  it('fails where one number of a trajectory differs', async () => {
    const recorded = recordedCases('optim.json').find(({ kind }) => kind === 'optimizer') as OptimizerCase & { kind: 'optimizer' };
    const trajectory = recorded.trajectory.map((weights, i) => (i === 3 ? [Number(weights[0]) + 1e-3, ...weights.slice(1)] : weights));
    const result = await runOptimizerCase({ ...recorded, trajectory });
    expect(result).toMatchObject({ status: 'failed', detail: expect.stringContaining('weight after update 4[0]') });
  });

  it('fails where one rate differs', async () => {
    const recorded = recordedCases('schedulers.json').find(({ kind }) => kind === 'scheduler') as OptimizerCase & { kind: 'scheduler' };
    const values = recorded.values.map((value, i) => (i === 7 ? value * (1 + 1e-9) : value));
    expect(await runOptimizerCase({ ...recorded, values })).toMatchObject({ status: 'failed', detail: expect.stringContaining('rates[7]') });
  });

  it('fails where a refused scheduler would be accepted', async () => {
    const accepted: OptimizerCase = { name: 'x', kind: 'scheduler_error', op: 'PolyScheduler', attrs: { max_update: 3 }, error: 'ValueError' };
    expect(await runOptimizerCase(accepted)).toMatchObject({ status: 'failed' });
  });
});
