import type { RunCase } from './runner.js';

/** Lines about a run: each failure, what was skipped by reason, and last `N passed, N failed, N skipped`. */
export function report(results: readonly RunCase[]): string[] {
  const lines: string[] = [];
  const skipped = new Map<string, string[]>();
  for (const { file, name, result } of results) {
    if (result.status === 'failed') lines.push(`FAILED ${file} ${name}: ${result.detail.replaceAll('\n', ' ')}`);
    if (result.status === 'skipped') skipped.set(result.reason, [...(skipped.get(result.reason) ?? []), name]);
  }
  for (const [reason, names] of skipped) lines.push(`skipped ${names.length}: ${reason} (${names.join(', ')})`);
  const count = (status: RunCase['result']['status']): number => results.filter(({ result }) => result.status === status).length;
  lines.push(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return lines;
}
