/** The candidate that reads most like `name` (letter case and underscores aside), or undefined when none comes close. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(plain(name), plain(candidate));
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** What goes between "there is no x" and the list of what there is: `; did you mean y? ` where something comes close. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const close = nearest(name, candidates);
  return close === undefined ? '. ' : `; did you mean ${close}? `;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '');
}

/** Levenshtein's distance: insertions, deletions and substitutions from one word to the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
