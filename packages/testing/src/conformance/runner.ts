import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { caseRunners, type CaseRunner, type RecordedCase } from './case-runners.js';
import type { CaseResult } from './case-result.js';
import { deliberateDifference } from './deliberate-differences.js';

/** One case, where it stands and how it went. */
export interface RunCase {
  readonly file: string;
  readonly name: string;
  readonly result: CaseResult;
}

/**
 * Runs every case of every `*.json` of a folder that has `cases`, and of its `checkpoints` folder.
 *
 * @throws Error where the folder is missing or holds no case.
 */
export async function runFolder(folder: string): Promise<RunCase[]> {
  const results: RunCase[] = [];
  for (const file of await jsonFiles(folder)) results.push(...(await runFile(folder, file)));
  if (results.length === 0) throw new Error(`there is no case in ${folder}; a case stands in the list "cases" of a .json file`);
  return results;
}

/** Runs every case of one file. A file that cannot be read is a failure; one without `cases` has none. */
export async function runFile(folder: string, file: string): Promise<RunCase[]> {
  let cases: readonly RecordedCase[];
  try {
    cases = await readCases(folder, file);
  } catch (error) {
    return [{ file, name: file, result: { status: 'failed', detail: `unreadable: ${messageOf(error)}` } }];
  }
  const results: RunCase[] = [];
  for (const recorded of cases) results.push({ file, name: String(recorded.name), result: await runCase(recorded, cases) });
  return results;
}

/** Runs one case, unless it holds a mistake of MXNet's. */
export async function runCase(recorded: RecordedCase, siblings: readonly RecordedCase[]): Promise<CaseResult> {
  const reason = deliberateDifference(recorded);
  return reason === undefined ? runStrictly(recorded, siblings) : { status: 'skipped', reason };
}

/** Runs one case and expects MXNet's values whatever they are. */
export async function runStrictly(recorded: RecordedCase, siblings: readonly RecordedCase[]): Promise<CaseResult> {
  const run = Object.hasOwn(caseRunners, recorded.kind) ? (caseRunners[recorded.kind] as CaseRunner) : undefined;
  if (!run) return { status: 'skipped', reason: `no runner for kind '${recorded.kind}' yet` };
  try {
    return await run(recorded as never, siblings);
  } catch (error) {
    return { status: 'failed', detail: messageOf(error) };
  }
}

/** Names of a folder's files that may hold cases, those of its `checkpoints` folder included. */
export async function jsonFiles(folder: string): Promise<string[]> {
  const list = async (path: string): Promise<string[]> => (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  const files = await list(folder).catch(() => {
    throw new Error(`there is no folder ${folder}; give one that holds recorded cases`);
  });
  const checkpoints = (await list(join(folder, 'checkpoints')).catch(() => [])).filter((name) => !name.endsWith('-symbol.json'));
  return [...files, ...checkpoints.map((name) => `checkpoints/${name}`)];
}

/** The cases of a file. A file of the `checkpoints` folder is one case, of the kind `checkpoint_files`, that knows its folder. */
export async function readCases(folder: string, file: string): Promise<readonly RecordedCase[]> {
  const content = JSON.parse(await readFile(join(folder, file), 'utf8')) as { cases?: unknown } & RecordedCase;
  if (file.startsWith('checkpoints/')) return [{ ...content, kind: 'checkpoint_files', folder: join(folder, 'checkpoints') } as RecordedCase];
  return Array.isArray(content?.cases) ? (content.cases as RecordedCase[]) : [];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
