import { stopGradient, type NDArray, type RandomGenerator, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../operators/define-operator.js';
import type { BackwardCall, Call, Contribution, Operator } from '../operators/operator.js';
import type { NoParameters } from '../operators/parameter.js';
import { createSymbol } from '../symbol/create-symbol.js';
import type { CommonOptions } from '../creators/creator.js';
import type { Symbol } from '../symbol/symbol.js';

type Named<Name extends string, T> = { readonly [N in Name]: T };

/** What a custom operator's functions are told beside its inputs. */
export interface CustomCall<State extends string = string> {
  /** The node's name, for errors. */
  readonly name: string;
  /** The auxiliary states as they were in the forward pass. */
  readonly states: Named<State, NDArray>;
  /** Whether this is training. */
  readonly isTrain: boolean;
  /** Source of random numbers: the binding's. */
  readonly random: RandomGenerator;
  /** How many leading rows of the batch are real, shape `[]`; undefined when all are. Rows behind them are padding. */
  readonly validRows: NDArray | undefined;
}

/** What `backward` and `contribute` of a `customOp` are given besides the inputs. */
export interface CustomBackwardCall<State extends string = string> extends CustomCall<State> {
  /** What `forward` gave, in the order of output names. */
  readonly outputs: readonly NDArray[];
  /** One an output, of its shape; null where nothing flows back. Without meaning for losses. */
  readonly outputGradients: readonly (NDArray | null)[];
}

/** A custom operator as functions of arrays, for `customOp`. */
export interface CustomOpDefinition<Argument extends string, State extends string> {
  /** The operator's name; also the base of automatic node names. */
  readonly name: string;
  /** Argument names; `['data']` unless given. */
  readonly inputs?: readonly Argument[];
  /** Output names; `['output']` unless given. */
  readonly outputs?: readonly string[];
  /** Shapes of auxiliary states (zeros at first), from the inputs' shapes. */
  readonly states?: Named<State, (inputs: Named<Argument, Shape>) => Shape>;
  /** What the data's shape implies for inputs whose shape is unknown, such as labels: `(data) => ({ label: [data[0]] })`. */
  readonly inferInputs?: (data: Shape) => { readonly [A in Argument]?: Shape };
  /**
   * Records the outputs, one array or one an output name, by array arithmetic, which becomes part of the compiled step. It is called with placeholders too:
   * it must not read values.
   */
  readonly forward: (inputs: Named<Argument, NDArray>, call: CustomCall<State>) => NDArray | readonly NDArray[];
  /** Gradients by argument, of its shape; an argument left out, or null, gets none. Derived from what `forward` records unless given. */
  readonly backward?: (inputs: Named<Argument, NDArray>, call: CustomBackwardCall<State>) => { readonly [A in Argument]?: NDArray | null };
  /** A loss starts the way back by itself and ignores head gradients; it needs `backward`. False unless given. */
  readonly isLoss?: boolean;
  /** What a backward pass adds up for the states: sums and counts, so that micro-batches together contribute what one batch does. */
  readonly contribute?: (inputs: Named<Argument, NDArray>, call: CustomBackwardCall<State>) => { readonly [contribution: string]: NDArray };
  /** The states' new values, of their shapes, once a step, from the contributions added up. A state left out stays. */
  readonly commit?: (states: Named<State, NDArray>, contributions: { readonly [contribution: string]: NDArray }) => { readonly [S in State]?: NDArray };
}

/** Makes symbols of a custom operator: inputs by name (variables are made of missing ones), name, attributes. */
export interface CustomOpCreator<Argument extends string> {
  /** A symbol of the operator; a RangeError for an input it does not have or that has several outputs. */
  (options?: { readonly [A in Argument]?: Symbol } & CommonOptions): Symbol;
  /** The operator's entry: hand it to `registerOperator` so that symbol JSON that uses it can be read. */
  readonly operator: Operator<NoParameters>;
}

/**
 * An operator from a function of arrays: `const twice = customOp({ name: 'twice', forward: ({ data }) => data.mul(2) })`, then
 * `twice({ data: symbol })`. Its gradient is derived unless `backward` is given; it costs no run of the engine of its own. For operators that read values
 * on the way, and for MXNet's form, see `CustomOp`. Arrays that `forward` or `backward` makes are those of their step: read one there or right after it, or keep it with
 * `keep(x)`.
 *
 * @throws RangeError for a loss without `backward`, and for `contribute` without `commit` or the other way round.
 */
export function customOp<const Argument extends string = 'data', const State extends string = never>(definition: CustomOpDefinition<Argument, State>): CustomOpCreator<Argument> {
  const { name, isLoss = false, backward, contribute, commit } = definition;
  if (isLoss && !backward) throw new RangeError(`customOp ${name}: a loss needs backward, since no head gradient reaches it; give one, or wrap the operator in makeLoss`);
  if (!contribute !== !commit) throw new RangeError(`customOp ${name}: contribute and commit belong together; give both`);
  const operator = operatorOf(definition);
  const create = ({ name: node, attributes, ...inputs }: { readonly [option: string]: unknown } & CommonOptions = {}): Symbol =>
    createSymbol(operator as Operator, { name: node, attributes, inputs: inputs as { [argument: string]: Symbol } });
  return Object.assign(create, { operator }) as CustomOpCreator<Argument>;
}

function operatorOf<Argument extends string, State extends string>(definition: CustomOpDefinition<Argument, State>): Operator<NoParameters> {
  const { name, inputs = ['data' as Argument], outputs = ['output'], states, inferInputs, forward, backward, isLoss, contribute, commit } = definition;
  const stateNames = Object.keys(states ?? {}) as State[];
  const named = <Name extends string, T>(names: readonly Name[], values: readonly T[]): Named<Name, T> => Object.fromEntries(names.map((each, i) => [each, values[i]])) as Named<Name, T>;
  const told = ({ name: node, isTrain, random, validRows, memory }: Call): CustomCall<State> => ({ name: node, isTrain, random, validRows, states: memory['states'] as Named<State, NDArray> });
  const toldBack = (call: BackwardCall): CustomBackwardCall<State> => ({ ...told(call), outputs: call.outputs, outputGradients: call.outputGradients });
  return defineOperator({
    name,
    parameters: {},
    inputs: () => inputs,
    outputs: () => outputs,
    auxiliaryStates: () => stateNames,
    usesHeadGradient: () => !isLoss,
    recordsAnew: () => true,
    completeShapes: (shapes) => {
      const [data] = shapes.inputs;
      const implied = data && inferInputs ? inferInputs(data) : undefined;
      const completed = shapes.inputs.map((shape, i) => shape ?? implied?.[inputs[i]!]);
      if (completed.includes(undefined)) return { ...shapes, inputs: completed };
      const known = named(inputs, completed as readonly Shape[]);
      return { ...shapes, inputs: completed, auxiliaryStates: stateNames.map((state) => states![state](known)) };
    },
    record: (call) => {
      call.memory['states'] = named(stateNames, call.auxiliaryStates.map(stopGradient));
      const result = forward(named(inputs, call.inputs), told(call));
      const list = isList(result) ? result : [result];
      if (list.length !== outputs.length) throw new RangeError(`forward gave ${list.length} arrays for the ${outputs.length} outputs ${outputs.join(', ')}`);
      return list;
    },
    ...(backward && {
      gradient: (call: BackwardCall) => {
        const gradients = backward(named(inputs, call.inputs), toldBack(call));
        return inputs.map((input) => gradients[input] ?? null);
      },
    }),
    ...(contribute && commit && { contribution: contributionOf(stateNames, (call) => contribute(named(inputs, call.inputs), toldBack(call)), commit) }),
  });
}

/** The operator's contributions are a list; their names are those of the last contribution, which never differ. */
function contributionOf<State extends string>(
  stateNames: readonly State[],
  contribute: (call: BackwardCall) => { readonly [name: string]: NDArray },
  commit: NonNullable<CustomOpDefinition<string, State>['commit']>,
): Contribution<NoParameters> {
  let contributionNames: readonly string[] = [];
  return {
    contribute: (call) => {
      const contributions = contribute(call);
      contributionNames = Object.keys(contributions);
      return Object.values(contributions);
    },
    commit: (states, contributions) => {
      const byName = Object.fromEntries(contributionNames.map((each, i) => [each, contributions[i]!]));
      const next = commit(Object.fromEntries(stateNames.map((state, i) => [state, states[i]!])) as Named<State, NDArray>, byName);
      return stateNames.map((state, i) => next[state] ?? states[i]!);
    },
  };
}

function isList(result: NDArray | readonly NDArray[]): result is readonly NDArray[] {
  return Array.isArray(result);
}
