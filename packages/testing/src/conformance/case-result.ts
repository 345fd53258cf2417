/** How one recorded case went. */
export type CaseResult =
  | { readonly status: 'passed' }
  /** `detail` names what differs, with the largest deviation. */
  | { readonly status: 'failed'; readonly detail: string }
  /** `reason` says why the recorded behaviour is not ours, or cannot be asked for. */
  | { readonly status: 'skipped'; readonly reason: string };

/** Passed where no comparison found anything, else failed with all that was found. */
export function verdict(found: readonly (string | undefined)[]): CaseResult {
  const details = found.filter((detail) => detail !== undefined);
  return details.length === 0 ? { status: 'passed' } : { status: 'failed', detail: details.join('; ') };
}
