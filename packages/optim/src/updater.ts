import type { NDArray } from '@lossworks/ndarray';
import type { State } from './gradient-transform.js';
import type { Optimizer, OptimizerCounters, ParameterIndex } from './optimizer.js';

/** What a checkpoint keeps of an updater: arrays named `INDEX:STATE`, and numbers that JSON can hold. */
export interface UpdaterState {
  /** The arrays, named `INDEX:STATE`, such as `0:momentum`. */
  readonly arrays: Readonly<Record<string, NDArray>>;
  /** The optimizer's counts, rates and generator. */
  readonly counters: OptimizerCounters;
}

/**
 * Updates parameters by index and keeps their states (MXNet `Updater`). Mind the order: index, gradient, weight. Throws a RangeError for lists of
 * different lengths or a gradient of another shape than its weight.
 */
export interface Updater {
  /** Updates one parameter; index, gradient and weight in MXNet's order, gradient and weight of one shape. */
  (index: ParameterIndex, gradient: NDArray, weight: NDArray): void;
  /** Updates several parameters as one step, which is what the global norm and `skipNotFinite` are over: lists of one length. */
  (indices: readonly ParameterIndex[], gradients: readonly NDArray[], weights: readonly NDArray[]): void;
  /** The optimizer that determines the steps. */
  readonly optimizer: Optimizer;
  /** The states made so far, by index. */
  readonly states: ReadonlyMap<string, State>;
  /** The weight to evaluate and to save for use: see `Optimizer.evaluationWeight`. */
  evaluationWeight(index: ParameterIndex, weight: NDArray): NDArray;
  /** A snapshot that later updates do not change. */
  state(): UpdaterState;
  /**
   * Goes on exactly where the snapshot was taken, bit for bit. The optimizer must have been made with the same options.
   *
   * @throws Error for the state of another optimizer, or an array whose name is not `INDEX:STATE`; at the first update after, where arrays and weight
   * do not fit.
   */
  restore(saved: UpdaterState): void;
}

/** An updater that makes the state of a parameter at its first update (MXNet `get_updater`). Its calls throw what `Updater` says. */
export function getUpdater(optimizer: Optimizer): Updater {
  const states = new Map<string, State>();

  function stateOf(index: ParameterIndex, weight: NDArray): State {
    const key = String(index);
    let state = states.get(key);
    if (!state) states.set(key, (state = optimizer.createState(index, weight)));
    return state;
  }

  function update(index: ParameterIndex | readonly ParameterIndex[], gradient: NDArray | readonly NDArray[], weight: NDArray | readonly NDArray[]): void {
    const [indices, gradients, weights] = [index, gradient, weight].map((item) => (Array.isArray(item) ? item : [item])) as [ParameterIndex[], NDArray[], NDArray[]];
    if (indices.length !== gradients.length || indices.length !== weights.length) {
      throw new RangeError(`updater: ${indices.length} indices, ${gradients.length} gradients, ${weights.length} weights; give as many of each`);
    }
    optimizer.updateAll(indices.map((each, i) => ({ index: each, gradient: gradients[i]!, weight: weights[i]!, state: stateOf(each, weights[i]!) })));
  }

  return Object.assign(update as Updater, {
    optimizer,
    states,
    // A parameter that was never updated has no average yet, and must not begin one here.
    evaluationWeight: (index: ParameterIndex, weight: NDArray): NDArray =>
      states.has(String(index)) ? optimizer.evaluationWeight(index, weight, stateOf(index, weight)) : weight,
    state(): UpdaterState {
      const arrays: Record<string, NDArray> = {};
      for (const [index, state] of states) {
        for (const [name, value] of Object.entries(state)) arrays[`${index}:${name}`] = value.snapshot();
      }
      return { arrays, counters: optimizer.counters() };
    },
    restore({ arrays, counters }: UpdaterState): void {
      optimizer.restoreCounters(counters);
      states.clear();
      // A parameter whose optimizer keeps nothing still has a count.
      for (const index of Object.keys(counters.counts)) states.set(index, {});
      for (const [key, value] of Object.entries(arrays)) {
        const [, index, name] = /^(.*):([^:]+)$/s.exec(key) ?? [];
        if (index === undefined || name === undefined) throw new Error(`updater: "${key}" is not the name of a saved state; it must read INDEX:STATE`);
        states.set(index, { ...states.get(index), [name]: value.snapshot() });
      }
    },
  });
}
