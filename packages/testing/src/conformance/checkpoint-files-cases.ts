import { bind, Symbol } from '@lossworks/graph';
import { registerLossOperators } from '@lossworks/losses';
import { array, decodeParams, encodeParams, fromFileArray, read, zeros, type NDArray } from '@lossworks/ndarray';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tolerance } from '../compare.js';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray } from './deviation.js';
import type { Arrays } from './operator-case.js';
import { missingInGraph } from './recorded-symbols.js';

/** What MXNet computed from a checkpoint that it saved as `PREFIX-symbol.json` and `PREFIX-0003.params` beside the case. */
export interface CheckpointFilesCase {
  readonly name: string;
  readonly kind: 'checkpoint_files';
  /** Where the files are; the recording does not say. */
  readonly folder: string;
  readonly prefix: string;
  readonly epoch: number;
  readonly inputs: Arrays;
  readonly arguments: readonly string[];
  readonly aux: readonly string[];
  readonly outputNames: readonly string[];
  readonly outputsInference: readonly RecordedArray[];
  readonly outputsTrain: readonly RecordedArray[];
  readonly gradData: RecordedArray;
  /** Sum of all elements of each gradient. */
  readonly gradSums: { readonly [argument: string]: number };
  readonly auxAfterTrain: Arrays;
}

/** Deep nets: rounding adds up. */
const tolerance: Tolerance = { relative: 1e-4, absolute: 1e-5 };

/** Loads a checkpoint of MXNet's, runs it in inference and in training, and writes it again. */
export async function runCheckpointFilesCase(recorded: CheckpointFilesCase): Promise<CaseResult> {
  registerLossOperators();
  const { folder, prefix, epoch, inputs } = recorded;
  const json = await readFile(join(folder, `${prefix}-symbol.json`), 'utf8');
  const bytes = await readFile(join(folder, `${prefix}-${String(epoch).padStart(4, '0')}.params`));
  const missing = missingInGraph(JSON.parse(json) as Parameters<typeof missingInGraph>[0]);
  if (missing.length > 0) return { status: 'skipped', reason: `operator ${missing.join(', ')} is not built yet` };

  const symbol = Symbol.loadJSON(json);
  const contents = decodeParams(bytes, `${prefix}.params`);
  if (!(contents instanceof Map)) return { status: 'failed', detail: 'the .params file holds arrays without names' };
  const named = (group: string): { [name: string]: NDArray } =>
    Object.fromEntries([...contents].filter(([key]) => key.startsWith(`${group}:`)).map(([key, each]) => [key.slice(group.length + 1), fromFileArray(each, key)]));
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, each]) => [name, decode(each)]));
  const args: { readonly [name: string]: NDArray } = { ...named('arg'), ...feeds };
  const gradients = Object.fromEntries(Object.entries(args).map(([name, { shape }]) => [name, zeros(shape)]));
  const executor = bind(symbol, { args, gradients, auxiliaryStates: named('aux') });

  const found = [
    differs('arguments', symbol.listArguments(), recorded.arguments),
    differs('auxiliary states', symbol.listAuxiliaryStates(), recorded.aux),
    differs('outputs', symbol.listOutputs(), recorded.outputNames),
    json === symbol.toJSONText() ? undefined : 'the symbol written again differs from the file',
    bytes.equals(encodeParams(contents)) ? undefined : 'the arrays written again differ from the file',
  ];
  await executor.forward({ isTrain: false });
  found.push(...(await compareOutputs('inference', executor.outputs, recorded.outputsInference)));
  await executor.forward({ isTrain: true });
  await executor.backward();
  found.push(...(await compareOutputs('training', executor.outputs, recorded.outputsTrain)));
  found.push(deviation('gradient of data', await gradients['data']!.data(), recorded.gradData.data, tolerance));
  for (const [name, sum] of Object.entries(recorded.gradSums)) found.push(await compareSum(name, gradients[name]!, sum));
  for (const [name, expected] of Object.entries(recorded.auxAfterTrain)) {
    found.push(deviation(`auxiliary state ${name} after training`, await executor.auxDict[name]!.data(), expected.data, tolerance));
  }
  return verdict(found);
}

async function compareOutputs(mode: string, outputs: readonly NDArray[], expected: readonly RecordedArray[]): Promise<(string | undefined)[]> {
  const data = await read(outputs);
  return expected.map((each, i) => deviation(`${mode} output ${i}`, data[i] ?? [], each.data, tolerance));
}

/** Terms cancel in a sum, their rounding does not: it is measured against the sum of their sizes. */
async function compareSum(name: string, gradient: NDArray, expected: number): Promise<string | undefined> {
  const elements = Array.from(await gradient.data());
  const sum = elements.reduce((total, element) => total + element, 0);
  const size = elements.reduce((total, element) => total + Math.abs(element), 0);
  return deviation(`sum of the gradient of ${name}`, [sum], [expected], { relative: tolerance.relative, absolute: tolerance.absolute + tolerance.relative * size });
}

function differs(what: string, found: readonly string[], wanted: readonly string[]): string | undefined {
  return found.join() === wanted.join() ? undefined : `${what}: ${found.join()} instead of ${wanted.join()}`;
}

function decode({ shape, data }: RecordedArray): NDArray {
  return array(Float32Array.from(data, Number), { shape });
}
