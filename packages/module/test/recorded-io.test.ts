import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type IoCase, runIoCase } from '../../testing/src/conformance/io-cases.js';

const kinds = ['params_file', 'checkpoint', 'events', 'callback', 'monitor'];
const all = (JSON.parse(readFileSync(new URL('../../testing/oracle/io.json', import.meta.url), 'utf8')) as { cases: IoCase[] }).cases;
const recorded = all.filter(({ kind }) => kinds.includes(kind));

describe('files, events and callbacks are those of MXNet 1.9.1', () => {
  it.each(recorded.map((item) => [item.name, item] as const))('%s', async (_, item) => {
    expect(await runIoCase(item)).toEqual({ status: 'passed' });
  });

  it.each<[name: string, change: (item: never) => object]>([
    ['params_dict', () => ({ arrays: [] })],
    ['params_dtypes', ({ arrays }: { arrays: { data: number[] }[] }) => ({ arrays: arrays.map((item, i) => (i === 2 ? { ...item, data: [1, 2, 99] } : item)) })],
    ['checkpoint', ({ symbolJson }: { symbolJson: string }) => ({ symbolJson: symbolJson.replace('"fc2"', '"fc3"').replace('  ', '   ') })],
    ['module_fit_events', ({ events }: { events: unknown[] }) => ({ events: events.slice(0, -1) })],
    ['feedforward_fit_events', ({ events }: { events: unknown[] }) => ({ events: events.slice(1) })],
    ['speedometer_auto1', ({ calls }: { calls: unknown[] }) => ({ calls: calls.with(2, ['Epoch[0] Batch [0-2]\tSpeed: # samples/sec\taccuracy=0.833334', 0, 6]) })],
    ['progressbar', ({ calls }: { calls: unknown[] }) => ({ calls: calls.with(1, '[==--------] 21%\r') })],
  ])('the comparison of %s fails where something differs', async (name, change) => {
    const item = recorded.find((candidate) => candidate.name === name)!;
    expect((await runIoCase({ ...item, ...change(item as never) } as IoCase)).status).toBe('failed');
  });
});
