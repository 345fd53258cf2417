import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type IteratorCase, runIteratorCase } from '../../testing/src/conformance/iterator-cases.js';

const kinds = ['iter', 'iter_error', 'iter_names', 'split'];
const text = readFileSync(new URL('../../testing/oracle/io.json', import.meta.url), 'utf8');
const recordedCases = (JSON.parse(text) as { cases: IteratorCase[] }).cases.filter(({ kind }) => kinds.includes(kind));

describe('iterators and splits do what MXNet 1.9.1 does', () => {
  it.each(recordedCases.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
    expect(await runIteratorCase(recorded)).toEqual({ status: 'passed' });
  });

  it('a batch that differs in one label fails', async () => {
    const recorded = recordedCases.find(({ name }) => name === 'ndarrayiter_8_4_pad') as IteratorCase & { kind: 'iter' };
    const epochs = structuredClone(recorded.epochs) as unknown as { label: { data: number[] } }[][];
    epochs[1]![1]!.label.data[2]! += 10;
    const result = await runIteratorCase({ ...recorded, epochs } as unknown as IteratorCase);
    expect(result).toMatchObject({ status: 'failed', detail: expect.stringContaining('epoch 1, batch 1: label[2]') });
  });
});
