import type { MetricDefinition, MetricState } from '../metric-definition.js';
import { tally, tallyOf, type Tally } from './tally.js';

/**
 * The plain mean of another metric's value over updates ("macro" in MXNet). A short last batch weighs as much as a full one, so splitting the data
 * into other batches changes the value.
 */
export function averageOfUpdates<State extends MetricState>(definition: MetricDefinition<State>): MetricDefinition<Tally> {
  return { ...tally, measure: update => tallyOf(1, () => definition.compute(definition.measure(update))) };
}
