import type { MetricDefinition, MetricState } from '../metric-definition.js';
import { pairsOf, type Pair } from '../metric-update.js';

/** The part of a definition that reads each pair by itself and merges what it read. */
export function pairwise<State extends MetricState>(
  initial: () => State,
  merge: (a: State, b: State) => State,
  read: (pair: Pair) => State,
): Pick<MetricDefinition<State>, 'initial' | 'merge' | 'measure'> {
  return { initial, merge, measure: update => pairsOf(update).map(read).reduce(merge, initial()) };
}
