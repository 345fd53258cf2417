import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { runGluonCase, type GluonCase } from '../../testing/src/conformance/gluon-cases.js';

const { cases } = JSON.parse(readFileSync(new URL('../../testing/oracle/gluon.json', import.meta.url), 'utf8')) as { cases: GluonCase[] };

describe('gluon losses give the values and gradients recorded from MXNet 1.9.1', () => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
    expect(await runGluonCase(recorded)).toEqual({ status: 'passed' });
  });

  test('a wrong number fails with what was expected', async () => {
    const [first] = cases;
    const result = await runGluonCase({ ...first!, output: { ...first!.output, data: first!.output.data.map(() => 5) } });
    expect(result).toHaveProperty('detail', expect.stringContaining('instead of 5'));
  });
});
