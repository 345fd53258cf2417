import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedCase } from '../src/conformance/case-runners.js';
import { deliberateDifference } from '../src/conformance/deliberate-differences.js';
import { report } from '../src/conformance/report.js';
import { jsonFiles, readCases, runFile, runFolder, runStrictly } from '../src/conformance/runner.js';

const folder = fileURLToPath(new URL('../oracle', import.meta.url));
/** Parameters and operators that the first folder leaves out. */
const more = fileURLToPath(new URL('../recorded/mxnet', import.meta.url));
const files = [...(await jsonFiles(folder)).map((file) => [file, folder] as const), ...(await jsonFiles(more)).map((file) => [file, more] as const)];
const patience = 120_000;

/** Mistakes of MXNet 1.9.1 that this library does not repeat. */
const deliberate: { readonly [file: string]: readonly string[] } = {
  'losses.json': ['softmaxout_out_grad_bug', 'SoftmaxOutput_grad_add', 'LinearRegressionOutput_grad_add', 'SVMOutput_grad_add'],
  'operators.json': ['SoftmaxActivation_01'],
  'symbols.json': ['exec_group_var_add'],
};

const deliberateOfMore: { readonly [file: string]: readonly string[] } = {
  'operators.json': ['Deconvolution_more_05'],
};

describe('recorded values', () => {
  it.each(files)('of %s in %s are ours, but for the known differences', async (file, where) => {
    const results = await runFile(where, file);
    expect(results.length).toBeGreaterThan(0);
    expect(report(results).filter((line) => line.startsWith('FAILED'))).toEqual([]);
    const skipped = results.flatMap(({ name, result }) => (result.status === 'skipped' ? [name] : []));
    const known = where === folder ? (deliberate[file] ?? []) : (deliberateOfMore[file] ?? []);
    expect(skipped.sort()).toEqual([...known].sort());
  }, patience);

  const differences = [[deliberate, folder] as const, [deliberateOfMore, more] as const].flatMap(([byFile, where]) =>
    Object.entries(byFile).flatMap(([file, names]) => names.map((name) => [name, file, where] as const)),
  );
  it.each(differences)('differ where a difference is claimed: %s of %s', async (name, file, where) => {
    const cases = await readCases(where, file);
    const recorded = cases.find((each) => each.name === name)!;
    expect(deliberateDifference(recorded)).toBeTypeOf('string');
    expect(await runStrictly(recorded, cases)).toMatchObject({ status: 'failed' });
  });
});

describe('the runner', () => {
  let own: string;
  beforeAll(async () => {
    own = await mkdtemp(join(tmpdir(), 'conformance-'));
  });
  afterAll(() => rm(own, { recursive: true }));

  it('refuses a folder that is missing, and one without a case', async () => {
    await expect(runFolder(join(own, 'nowhere'))).rejects.toThrow(/there is no folder .*nowhere/);
    await writeFile(join(own, 'other.json'), '{"something": 1}');
    await expect(runFolder(own)).rejects.toThrow(/there is no case in/);
  });

  it('names what failed with the largest deviation, groups what was skipped, and counts last', async () => {
    const [file] = ['operators.json'];
    const [first] = (await readCases(folder, file!)).filter(({ kind }) => kind === 'op') as (RecordedCase & { outputs: { data: number[] }[] })[];
    const outputs = first!.outputs.map((output) => ({ ...output, data: output.data.map((value, i) => (i === 1 ? value + 1 : value)) }));
    const cases = [first, { ...first, name: 'changed', outputs }, { name: 'x', kind: 'unheard_of' }, { name: 'y', kind: 'unheard_of' }];
    await writeFile(join(own, 'cases.json'), JSON.stringify({ cases }));
    await writeFile(join(own, 'broken.json'), '{');
    const lines = report(await runFolder(own));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^FAILED broken.json broken.json: unreadable: /);
    expect(lines[1]).toMatch(/^FAILED cases.json changed: output op_output\[1\]: .* instead of .* \(.* times the tolerance\)$/);
    expect(lines[2]).toBe("skipped 2: no runner for kind 'unheard_of' yet (x, y)");
    expect(lines[3]).toBe('1 passed, 2 failed, 2 skipped');
  });
});
