import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { OperatorCase } from '../../testing/src/conformance/operator-case.js';
import { runCase, runStrictly } from '../../testing/src/conformance/runner.js';
import { deliberateDifference } from '../../testing/src/conformance/deliberate-differences.js';

const { cases } = JSON.parse(readFileSync(new URL('../../testing/oracle/losses.json', import.meta.url), 'utf8')) as { cases: OperatorCase[] };
const ours = cases.filter((recorded) => deliberateDifference(recorded as never) === undefined);
const skipped = cases.filter((recorded) => deliberateDifference(recorded as never) !== undefined);

describe('loss operators give the values, shapes and refusals recorded from MXNet 1.9.1', () => {
  test.each(ours.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
    expect(await runCase(recorded, cases)).toEqual({ status: 'passed' });
  });
});

describe('a deliberate difference is one: MXNet’s value is not ours', () => {
  test.each(skipped.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
    expect((await runStrictly(recorded, cases)).status).toBe('failed');
  });
});
