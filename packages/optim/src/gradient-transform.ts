import type { NDArray, Shape } from '@lossworks/ndarray';

/** Named arrays that a transform keeps for one parameter, of the weight's shape unless the transform says otherwise. */
export type State = Readonly<Record<string, NDArray>>;

/** JSON-able numbers that a transform keeps for all parameters together. */
export type SharedNumbers = Record<string, number>;

/** What a transform sees of one update of one parameter. Nothing here runs: the arrays are recorded. */
export interface UpdateContext {
  /** What the link before made of the gradient, of the weight's shape. */
  readonly gradient: NDArray;
  /** The weight as it is before this update. */
  readonly weight: NDArray;
  /** The parameter's arrays, of all links of the chain together. */
  readonly state: State;
  /** Which update of this parameter it is, from 1. */
  readonly step: number;
  /** Updates of this parameter since the optimizer was made; differs from `step` by its `beginUpdate`. */
  readonly updates: number;
  /** Which update of the whole optimizer it is: the largest `step` so far. */
  readonly numUpdate: number;
  /** This parameter's learning rate η, multiplier included: one array of shape [] for all parameters with the same rate. */
  readonly learningRate: NDArray;
  /** The same as a number, of at least 0. */
  readonly rate: number;
  /** The rate before the parameter's multiplier. */
  readonly globalRate: number;
  /** This parameter's weight decay λ, multiplier included. */
  readonly weightDecay: number;
  /** The parameter's name, where the optimizer was told names. */
  readonly parameterName: string | undefined;
  /** The parameter's name, or its index as text where it has none: what `init` was given. */
  readonly parameter: string;
  /** Kept between updates, for all parameters, and saved with the optimizer. */
  readonly shared: SharedNumbers;
  /**
   * A number that changes from step to step as an array of shape [], so that nothing is compiled anew. Equal numbers in one role are one array.
   *
   * @param value the number, or what it is at a step: a transform that `repeats` says it so.
   */
  scalar(role: string, value: number | ((numbers: StepNumbers) => number)): NDArray;
  /** Normal random numbers (mean 0, variance 1) from the optimizer's seeded generator. */
  normal(shape: Shape): NDArray;
}

/** What numbers of a step are made of. */
export type StepNumbers = Pick<UpdateContext, 'step' | 'updates' | 'numUpdate' | 'rate' | 'globalRate'>;

/** What a transform makes of it, recorded like what it saw. */
export interface Update {
  /** What the next link sees; of the last link, the step that is added to the weight. Of the weight's shape. */
  readonly gradient: NDArray;
  /** The transform's own entries of the state after the update, with the names `init` gave. */
  readonly state: State;
  /** The new weight, from a transform that determines it itself instead of a step to add; only the last of a chain may, or `chain` throws an Error. */
  readonly weight?: NDArray;
}

/** One link of an optimizer: turns a gradient into another of the same shape, at last into the step that is added to the weight (as in Optax). */
export interface GradientTransform {
  /** Named in errors, and in the optimizer's name unless that has one of its own. */
  readonly name: string;
  /**
   * Whether every step of a parameter is the same but for its arrays and the numbers that `learningRate` and `scalar` give: then it is recorded once, with NaN for the step's own
   * numbers, and `update` is not called again. No unless told.
   */
  readonly repeats?: boolean;
  /** The state of a parameter before its first update: `weight` gives the shape, `parameter` is its name, or its index as text. */
  init(weight: NDArray, parameter: string): State;
  /**
   * Receives the whole chain's state and returns its own entries of it, as new arrays, which may be written over those. Other arrays that it makes of the state are
   * gone with the step, the rest two steps later.
   */
  update(context: UpdateContext): Update;
  /**
   * For transforms that look at all parameters of a step at once, such as a norm over all gradients: one result a context, in their order; `update`
   * sees one alone.
   */
  updateTogether?(contexts: readonly UpdateContext[]): Update[];
  /** The weight to evaluate and to save for use, where that is not the weight being trained: an average of it. */
  evaluationWeight?(weight: NDArray, state: State, parameter: string): NDArray;
}

const none: State = Object.freeze({});

/** A transform without state: `apply` turns the gradient into another of the same shape. See `GradientTransform.repeats`. */
export function stateless(name: string, apply: (context: UpdateContext) => NDArray, { repeats = false } = {}): GradientTransform {
  return { name, repeats, init: () => none, update: (context) => ({ gradient: apply(context), state: none }) };
}

/** Updates all parameters of a step, together where the transform can. */
export function updateTogether(transform: GradientTransform, contexts: readonly UpdateContext[]): Update[] {
  if (contexts.length === 0) return [];
  return transform.updateTogether?.(contexts) ?? contexts.map((context) => transform.update(context));
}

/**
 * Applies transforms one after the other (Optax `chain`). Their states are one record, so each name may be used once.
 *
 * @throws Error, when states are made, where two transforms keep a state of one name; when updating, where one that determines the weight does not
 * stand last.
 */
export function chain(...transforms: readonly GradientTransform[]): GradientTransform {
  const name = `chain(${transforms.map((transform) => transform.name).join(', ')})`;
  function runTogether(contexts: readonly UpdateContext[]): Update[] {
    let results: Update[] = contexts.map(({ gradient }) => ({ gradient, state: none }));
    transforms.forEach((transform, i) => {
      const updates = updateTogether(transform, contexts.map((context, k) => ({ ...context, gradient: results[k]!.gradient })));
      if (i < transforms.length - 1 && updates.some(({ weight }) => weight)) {
        throw new Error(`${name}: ${transform.name} determines the weight itself, so it must stand last`);
      }
      results = updates.map((update, k) => ({ ...update, state: { ...results[k]!.state, ...update.state } }));
    });
    return results;
  }
  const averaging = transforms.findLast(({ evaluationWeight }) => evaluationWeight);
  return {
    name,
    repeats: transforms.every(({ repeats }) => repeats),
    init(weight, parameter) {
      const state: Record<string, NDArray> = {};
      for (const transform of transforms) {
        for (const [key, value] of Object.entries(transform.init(weight, parameter))) {
          if (Object.hasOwn(state, key)) throw new Error(`${name}: two transforms keep a state named "${key}"; give one of them another name`);
          state[key] = value;
        }
      }
      return state;
    },
    update: (context) => runTogether([context])[0]!,
    ...(transforms.some((transform) => transform.updateTogether) && { updateTogether: runTogether }),
    ...(averaging && { evaluationWeight: (weight: NDArray, state: State, parameter: string) => averaging.evaluationWeight!(weight, state, parameter) }),
  };
}
