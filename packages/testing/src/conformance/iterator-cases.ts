import { NDArrayIter, splitBatch, type DataBatch, type DataDesc, type LastBatchHandle, type Sources } from '@lossworks/data';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray } from './deviation.js';

type RecordedDescs = readonly (readonly [string, readonly number[]])[];
type RecordedHandle = 'pad' | 'discard' | 'roll_over';

/** The cases of `io.json` that concern iterators and the split of a batch. */
export type IteratorCase = { readonly name: string } & (
  | {
      readonly kind: 'iter';
      readonly n: number;
      readonly batchSize: number;
      readonly lastBatchHandle: RecordedHandle;
      readonly provideData: RecordedDescs;
      readonly provideLabel: RecordedDescs;
      readonly epochs: readonly (readonly { readonly data: RecordedArray; readonly label: RecordedArray; readonly pad: number }[])[];
    }
  | {
      readonly kind: 'iter_error';
      readonly n: number;
      readonly batchSize: number;
      readonly lastBatchHandle: RecordedHandle;
      readonly epochsOk: number;
      readonly error: string;
    }
  | { readonly kind: 'iter_names'; readonly provideData: RecordedDescs; readonly provideLabel: RecordedDescs }
  | { readonly kind: 'split'; readonly batchSize: number; readonly workLoad: readonly number[]; readonly slices?: readonly (readonly number[])[]; readonly error?: string }
);

type KindRunners = { readonly [K in IteratorCase['kind']]: (recorded: IteratorCase & { kind: K }) => Promise<CaseResult> | CaseResult };

const runners: KindRunners = { iter: runEpochs, iter_error: runRefusedEpochs, iter_names: runNames, split: runSplit };

/** Replays one recorded iterator, or one split of a batch. */
export async function runIteratorCase(recorded: IteratorCase): Promise<CaseResult> {
  const run = runners[recorded.kind] as (recorded: IteratorCase) => Promise<CaseResult> | CaseResult;
  return run(recorded);
}

const handles: { readonly [H in RecordedHandle]: LastBatchHandle } = { pad: 'pad', discard: 'discard', roll_over: 'rollOver' };

/** The recorder's data: rows of two counting numbers, labels ten times the row. */
function makeIter({ n, batchSize, lastBatchHandle }: { n: number; batchSize: number; lastBatchHandle: RecordedHandle }): NDArrayIter {
  const data = { data: Float32Array.from({ length: 2 * n }, (_, i) => i), shape: [n, 2] };
  const label = Float32Array.from({ length: n }, (_, row) => 10 * row);
  return new NDArrayIter(data, label, { batchSize, lastBatchHandle: handles[lastBatchHandle] });
}

function describeDescs(descs: readonly DataDesc[] | RecordedDescs): string {
  return JSON.stringify(descs.map((desc) => ('name' in desc ? [desc.name, desc.shape] : desc)));
}

function compareDescs(where: string, descs: readonly DataDesc[], expected: RecordedDescs): string | undefined {
  const [found, wanted] = [describeDescs(descs), describeDescs(expected)];
  return found === wanted ? undefined : `${where}: ${found} instead of ${wanted}`;
}

async function runEpochs(recorded: IteratorCase & { kind: 'iter' }): Promise<CaseResult> {
  const iter = makeIter(recorded);
  const details = [compareDescs('provideData', iter.provideData, recorded.provideData), compareDescs('provideLabel', iter.provideLabel, recorded.provideLabel)];
  for (const [epoch, batches] of recorded.epochs.entries()) {
    if (epoch > 0) iter.reset();
    const found = [...iter];
    const where = `epoch ${epoch}`;
    if (found.length !== batches.length) details.push(`${where}: ${found.length} batches instead of ${batches.length}`);
    for (const [i, expected] of batches.entries()) {
      if (found[i]) details.push(...(await compareBatch(`${where}, batch ${i}`, found[i], expected)));
    }
  }
  return verdict(details);
}

async function compareBatch(where: string, batch: DataBatch, expected: { data: RecordedArray; label: RecordedArray; pad: number }): Promise<(string | undefined)[]> {
  const [data, label, hostLabel] = [batch.data[0]!, batch.label[0]!, batch.hostLabel[0]!];
  return [
    batch.pad === expected.pad ? undefined : `${where}: pad ${batch.pad} instead of ${expected.pad}`,
    data.shape.join() === expected.data.shape.join() ? undefined : `${where}: data of shape [${data.shape}] instead of [${expected.data.shape}]`,
    deviation(`${where}: data`, await data.data(), expected.data.data),
    label.shape.join() === expected.label.shape.join() ? undefined : `${where}: label of shape [${label.shape}] instead of [${expected.label.shape}]`,
    deviation(`${where}: label`, await label.data(), expected.label.data),
    deviation(`${where}: host copy of the label`, hostLabel.data, expected.label.data),
  ];
}

/** The refusal may come as early as the construction, but no later than MXNet's. */
function runRefusedEpochs(recorded: IteratorCase & { kind: 'iter_error' }): CaseResult {
  try {
    const iter = makeIter(recorded);
    for (let epoch = 0; epoch <= recorded.epochsOk; epoch++) {
      if (epoch > 0) iter.reset();
      while (iter.next());
    }
  } catch (error) {
    const clear = error instanceof Error && error.message.includes(String(recorded.n)) && error.message.includes(String(recorded.batchSize));
    return clear ? { status: 'passed' } : { status: 'failed', detail: `refused without naming ${recorded.n} rows and batches of ${recorded.batchSize}: ${String(error)}` };
  }
  return { status: 'failed', detail: `${recorded.epochsOk + 1} epochs went through, MXNet refuses` };
}

const rows = (...shape: readonly number[]) => ({ data: new Float32Array(shape.reduce((size, dimension) => size * dimension, 1)), shape });

/** The recorder's sources, by the name of the case. */
const namedSources: { readonly [name: string]: readonly [Sources, Sources] } = {
  iter_dict_order: [
    { zz: rows(4, 2), aa: rows(4, 3) },
    { l2: rows(4), l1: rows(4) },
  ],
  iter_list_names: [
    [rows(4, 2), rows(4, 3)],
    [rows(4), rows(4)],
  ],
};

function runNames({ name, provideData, provideLabel }: IteratorCase & { kind: 'iter_names' }): CaseResult {
  const sources = namedSources[name];
  if (!sources) return { status: 'skipped', reason: `the case holds no sources, and there are none recorded under ${name}` };
  const iter = new NDArrayIter(...sources, { batchSize: 2 });
  return verdict([compareDescs('provideData', iter.provideData, provideData), compareDescs('provideLabel', iter.provideLabel, provideLabel)]);
}

function runSplit({ batchSize, workLoad, slices, error }: IteratorCase & { kind: 'split' }): CaseResult {
  let found: string;
  try {
    found = JSON.stringify(splitBatch(batchSize, workLoad));
  } catch (refusal) {
    if (error !== undefined && refusal instanceof RangeError) return { status: 'passed' };
    return { status: 'failed', detail: `refused: ${String(refusal)}` };
  }
  const wanted = slices ? JSON.stringify(slices) : 'a refusal';
  return found === wanted ? { status: 'passed' } : { status: 'failed', detail: `${found} instead of ${wanted}` };
}
