import { add, isPending, type NDArray, placeholder, Recorded, sameShape, scalar } from '@lossworks/ndarray';
import { type GradientTransform, type StepNumbers, type UpdateContext, updateTogether } from './gradient-transform.js';
import type { ParameterUpdate } from './optimizer.js';

/** What one parameter becomes. */
export interface Updated {
  readonly weight: NDArray;
  readonly states: readonly { readonly name: string; readonly array: NDArray }[];
}

/** The new weights and states of one step of these parameters. */
export function recordUpdate(transform: GradientTransform, contexts: readonly UpdateContext[]): Updated[] {
  return updateTogether(transform, contexts).map(({ weight, gradient, state }, i) => ({
    weight: weight ?? add(contexts[i]!.weight, gradient),
    states: Object.entries(state).map(([name, array]) => ({ name, array })),
  }));
}

/** What of a parameter is the same in every step. */
interface RecordedParameter {
  readonly index: ParameterUpdate['index'];
  /** The placeholder, whose shape and type gradients have too. */
  readonly weight: NDArray;
  readonly weightDecay: number;
  /** Names of its states, in the order that they are given in. */
  readonly states: readonly string[];
}

/** A number that a transform asks for in every step: a rate, a correction. */
interface OpenNumber {
  /** Place of the parameter that it is asked for. */
  readonly parameter: number;
  of(numbers: StepNumbers): number;
}

/** A result: what is computed, or an input as it is, such as a state that stays. */
type Place = { readonly computed: number } | { readonly input: number };

/** One step of several parameters, recorded once with everything open that differs from step to step. For transforms that say `repeats`. */
export class RecordedUpdate {
  readonly #parameters: readonly RecordedParameter[];
  /** What each single number stands for: one while recording, one in every step. */
  readonly #numbers: readonly (readonly OpenNumber[])[];
  /** The arrays of the last step's numbers. */
  readonly #scalars: { readonly number: number; readonly array: NDArray }[] = [];
  readonly #recorded: Recorded;
  readonly #places: readonly { readonly weight: Place; readonly states: readonly { readonly name: string; readonly place: Place }[] }[];

  constructor(transform: GradientTransform, parameters: readonly ParameterUpdate[], contexts: readonly UpdateContext[]) {
    const numbers = new Map<NDArray, OpenNumber[]>();
    const opened = openContexts(contexts, numbers);
    const updated = recordUpdate(transform, opened);
    const inputs = [...opened.flatMap(({ gradient, weight, state }) => [gradient, weight, ...Object.values(state)]), ...numbers.keys()];
    const results: NDArray[] = [];
    const placeOf = (array: NDArray): Place => {
      const input = inputs.indexOf(array);
      return input < 0 ? { computed: results.push(array) - 1 } : { input };
    };
    this.#parameters = opened.map(({ weight, weightDecay, state }, i) => ({ index: parameters[i]!.index, weight, weightDecay, states: Object.keys(state) }));
    this.#places = updated.map(({ weight, states }) => ({ weight: placeOf(weight), states: states.map(({ name, array }) => ({ name, place: placeOf(array) })) }));
    this.#numbers = [...numbers.values()];
    this.#recorded = new Recorded(inputs, results);
  }

  /** Whether these are the parameters that were recorded, beside what is open: arrays of their shapes, and numbers. */
  fits(parameters: readonly ParameterUpdate[], decayOf: (index: ParameterUpdate['index']) => number): boolean {
    return this.#parameters.length === parameters.length && this.#parameters.every(({ index, weight: { shape, dtype }, weightDecay }, i) => {
      const { index: own, weight, gradient } = parameters[i]!;
      return own === index && weight.dtype === dtype && sameShape(weight.shape, shape) && sameShape(gradient.shape, shape) && decayOf(index) === weightDecay;
    });
  }

  /** The step with other arrays and numbers, of parameters that fit; undefined where there are two numbers now where there was one. */
  apply(parameters: readonly ParameterUpdate[], numbers: readonly StepNumbers[]): Updated[] | undefined {
    const inputs: NDArray[] = [];
    this.#parameters.forEach(({ states }, i) => {
      const { gradient, weight, state } = parameters[i]!;
      inputs.push(gradient, weight);
      states.forEach((name) => inputs.push(state[name]!));
    });
    // Steps that are computed together have arrays of their own: they are one program, whether a number changes between them or not.
    const isAlone = !isPending(parameters[0]!.weight);
    for (const [i, same] of this.#numbers.entries()) {
      const number = numberOf(same[0]!, numbers);
      if (!same.every((other) => Object.is(numberOf(other, numbers), number))) return undefined;
      if (!isAlone || !Object.is(this.#scalars[i]?.number, number)) this.#scalars[i] = { number, array: scalar(number) };
      inputs.push(this.#scalars[i]!.array);
    }
    const results = this.#recorded.apply(inputs);
    const at = (place: Place): NDArray => ('input' in place ? inputs[place.input]! : results[place.computed]!);
    return this.#places.map(({ weight, states }) => ({ weight: at(weight), states: states.map(({ name, place }) => ({ name, array: at(place) })) }));
  }
}

function numberOf({ parameter, of }: OpenNumber, numbers: readonly StepNumbers[]): number {
  return of(numbers[parameter]!);
}

/** The contexts over placeholders; the step's numbers are noted in `numbers` where they are asked for, by the placeholder that stands for them. */
function openContexts(contexts: readonly UpdateContext[], numbers: Map<NDArray, OpenNumber[]>): UpdateContext[] {
  const like = ({ shape, dtype }: NDArray): NDArray => placeholder(shape, dtype);
  // Numbers that are one array now are one input.
  const placeholders = new Map<NDArray, NDArray>();
  const open = (number: NDArray, stands: OpenNumber): NDArray => {
    const known = placeholders.get(number) ?? like(number);
    placeholders.set(number, known);
    numbers.set(known, [...(numbers.get(known) ?? []), stands]);
    return known;
  };
  return contexts.map((context, parameter) => ({
    ...context,
    gradient: like(context.gradient),
    weight: like(context.weight),
    state: Object.fromEntries(Object.entries(context.state).map(([name, array]) => [name, like(array)])),
    learningRate: open(context.learningRate, { parameter, of: ({ rate }) => rate }),
    scalar: (role, value) => open(context.scalar(role, value), { parameter, of: typeof value === 'number' ? () => value : value }),
    // Only `scalar` tells what they are.
    step: Number.NaN, updates: Number.NaN, numUpdate: Number.NaN, rate: Number.NaN, globalRate: Number.NaN,
  }));
}
