import { add, type NDArray, placeholder, Recorded } from '@lossworks/ndarray';
import { type GradientTransform, type State, type UpdateContext, updateTogether } from './gradient-transform.js';

/** What one parameter becomes. */
export interface Updated {
  readonly weight: NDArray;
  readonly state: State;
}

/** The new weights and states of one step of these parameters. */
export function recordUpdate(transform: GradientTransform, contexts: readonly UpdateContext[]): Updated[] {
  return updateTogether(transform, contexts).map(({ weight, gradient, state }, i) => ({ weight: weight ?? add(contexts[i]!.weight, gradient), state }));
}

/** A number that a transform asks for in every step: a rate, a correction. */
interface OpenNumber {
  readonly open: NDArray;
  of(contexts: readonly UpdateContext[]): NDArray;
}

/** A result: what is computed, or an input as it is, such as a state that stays. */
type Place = { readonly computed: number } | { readonly input: number };

/** One step of several parameters, recorded once with everything open that differs from step to step. For transforms that say `repeats`. */
export class RecordedUpdate {
  readonly #numbers: readonly OpenNumber[];
  readonly #recorded: Recorded;
  readonly #places: readonly { readonly weight: Place; readonly state: readonly (readonly [name: string, Place])[] }[];

  constructor(transform: GradientTransform, contexts: readonly UpdateContext[]) {
    const numbers: OpenNumber[] = [];
    const opened = openContexts(contexts, numbers);
    const updated = recordUpdate(transform, opened);
    const inputs = [...opened.flatMap(arraysOf), ...new Set(numbers.map(({ open }) => open))];
    const results: NDArray[] = [];
    const placeOf = (array: NDArray): Place => {
      const input = inputs.indexOf(array);
      return input < 0 ? { computed: results.push(array) - 1 } : { input };
    };
    this.#places = updated.map(({ weight, state }) => ({ weight: placeOf(weight), state: Object.entries(state).map(([name, array]) => [name, placeOf(array)] as const) }));
    this.#numbers = numbers;
    this.#recorded = new Recorded(inputs, results);
  }

  /** The step with other arrays and numbers, of the same pattern; undefined where there are two numbers now where there was one. */
  apply(contexts: readonly UpdateContext[]): Updated[] | undefined {
    const given = new Map<NDArray, NDArray>();
    for (const { open, of } of this.#numbers) {
      const number = of(contexts);
      if ((given.get(open) ?? number) !== number) return undefined;
      given.set(open, number);
    }
    const inputs = [...contexts.flatMap(arraysOf), ...given.values()];
    const results = this.#recorded.apply(inputs);
    const at = (place: Place): NDArray => ('input' in place ? inputs[place.input]! : results[place.computed]!);
    return this.#places.map(({ weight, state }) => ({ weight: at(weight), state: Object.fromEntries(state.map(([name, place]) => [name, at(place)])) }));
  }
}

/** What a step has in common with an equal one, beside what is open. */
export function patternOf(contexts: readonly UpdateContext[]): string {
  return contexts.map(({ parameter, weight, weightDecay, state }) => `${parameter} ${weight.dtype} ${weight.shape.join()} ${weightDecay} ${Object.keys(state).join()}`).join('\n');
}

function arraysOf({ gradient, weight, state }: UpdateContext): NDArray[] {
  return [gradient, weight, ...Object.values(state)];
}

/** The contexts over placeholders; the step's numbers are noted in `numbers` where they are asked for. */
function openContexts(contexts: readonly UpdateContext[], numbers: OpenNumber[]): UpdateContext[] {
  const like = ({ shape, dtype }: NDArray): NDArray => placeholder(shape, dtype);
  // Numbers that are one array now are one input.
  const placeholders = new Map<NDArray, NDArray>();
  const open = (of: OpenNumber['of']): NDArray => {
    const number = of(contexts);
    if (!placeholders.has(number)) placeholders.set(number, like(number));
    numbers.push({ open: placeholders.get(number)!, of });
    return placeholders.get(number)!;
  };
  return contexts.map((context, i) => ({
    ...context,
    gradient: like(context.gradient),
    weight: like(context.weight),
    state: Object.fromEntries(Object.entries(context.state).map(([name, array]) => [name, like(array)])),
    learningRate: open((all) => all[i]!.learningRate),
    scalar: (role, value) => open((all) => all[i]!.scalar(role, value)),
    // Only `scalar` tells what they are.
    step: Number.NaN, updates: Number.NaN, numUpdate: Number.NaN, rate: Number.NaN, globalRate: Number.NaN,
  }));
}
