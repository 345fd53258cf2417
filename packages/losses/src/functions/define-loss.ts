import { NDArray } from '@lossworks/ndarray';
import {
  camelCase, createSymbol, Symbol, type CamelCase, type CheckedInputs, type CommonOptions, type Operator, type ParameterOptions, type ParameterTable,
} from '@lossworks/graph';
import { checkComputedInputs, checkInputsAtHand } from './check-inputs.js';
import type { Loss } from './loss.js';
import { evaluateLoss, inputChecksOf, lossOperator, optionalInputsOf, parametersOf, presenceOf, presentInputs } from './loss-operator.js';
import type { reductionParameters } from './reduction.js';

type Inputs<Name extends string, T> = { readonly [N in Name as CamelCase<N>]: T };
type Parameters<Table extends ParameterTable> = ParameterOptions<Table> & ParameterOptions<typeof reductionParameters>;

/** Arrays for all inputs (optional ones may be left out), and parameters, under camelCase names. */
export type ArrayLossOptions<Argument extends string, Optional extends string, Table extends ParameterTable> = Inputs<Argument, NDArray> &
  Partial<Inputs<Optional | 'sample_weight', NDArray | undefined>> & Parameters<Table>;

/** Symbols for inputs (variables are made of missing ones; optional ones are inputs only where given), parameters, name, attributes. */
export type SymbolLossOptions<Argument extends string, Optional extends string, Table extends ParameterTable> = Partial<Inputs<Argument | Optional | 'sample_weight', Symbol | undefined>> &
  Parameters<Table> & CommonOptions;

/**
 * A loss as a function: of arrays it gives an array, of symbols a symbol. Beside its own options it has `reduction`: mean (unless given) or sum over all
 * losses, shape `[1]`; batch or batch_sum, the mean or sum of each sample, `[batch]`; none, every loss. `lossWeight` (1, at least 0) multiplies all losses,
 * `batchAxis` (0) is the axis of the samples. `sampleWeight`, `[batch]` or a shape that broadcasts to the losses, multiplies them; the mean still divides by
 * their number.
 */
export interface LossFunction<Argument extends string = string, Optional extends string = string, Table extends ParameterTable = ParameterTable> {
  /**
   * The loss of arrays: recorded, and computed when read.
   *
   * @throws RangeError naming loss and input for shapes that do not fit, a missing input, an unknown option and a parameter out of its range; for an empty
   * batch; and, where the numbers are in host memory, for NaN, a negative weight, a length or a label that cannot be (`checkLossInputs` finds them on the
   * engine). TypeError for arrays beside symbols.
   */
  (options: ArrayLossOptions<Argument, Optional, Table>): NDArray;
  /**
   * The loss as a symbol: wrap it in `makeLoss` to train with it.
   *
   * @throws RangeError for an unknown option and a parameter out of its range; shapes and numbers are checked when shapes are inferred and in `forward`.
   */
  (options: SymbolLossOptions<Argument, Optional, Table>): Symbol;
  /** The entry it is made from. */
  readonly loss: Loss<Argument, Optional, Table>;
  /** The operator of its symbols: hand it to `registerOperator` so that symbol JSON that uses it can be read. */
  readonly operator: Operator;
}

/** Makes a function of arrays and of symbols from a loss's entry; the derivative is that of what the entry records. Nothing is registered. */
export function defineLoss<const Argument extends string, const Optional extends string = never, const Table extends ParameterTable = ParameterTable>(
  loss: Loss<Argument, Optional, Table>,
): LossFunction<Argument, Optional, Table> {
  const entry = loss as unknown as Loss;
  const operator = lossOperator(entry);
  const apply = (options: { readonly [option: string]: unknown }): NDArray | Symbol => {
    const given = Object.values(options);
    return given.some((value) => value instanceof NDArray) ? ofArrays(entry, options) : ofSymbols(entry, operator, options);
  };
  return Object.assign(apply, { loss, operator }) as unknown as LossFunction<Argument, Optional, Table>;
}

function ofArrays(loss: Loss, options: { readonly [option: string]: unknown }): NDArray {
  try {
    const { arrays, values } = arrayInputs(loss, options);
    return evaluateLoss(loss, arrays, values);
  } catch (error) {
    throw labelled(loss, error);
  }
}

/**
 * Checks the inputs of a loss that the engine computes, where the loss itself checks only numbers in host memory: NaN, negative weights, labels and lengths
 * that cannot be. One run, together with whatever else is pending: for a first batch, or when a loss has become NaN. `await
 * checkLossInputs(softmaxCrossEntropyLoss, { data: scores, label })`. Of a bound symbol, output layers included, `await executor.checkInputs()` checks all
 * losses at once.
 *
 * @throws RangeError naming loss, input, value, position and the way out.
 */
export async function checkLossInputs<Argument extends string, Optional extends string, Table extends ParameterTable>(
  loss: LossFunction<Argument, Optional, Table>, options: ArrayLossOptions<NoInfer<Argument>, NoInfer<Optional>, NoInfer<Table>>,
): Promise<void> {
  const entry = loss.loss as unknown as Loss;
  try {
    await checkComputedInputs(arrayInputs(entry, options as { readonly [option: string]: unknown }).checked);
  } catch (error) {
    throw labelled(entry, error);
  }
}

function labelled(loss: Loss, error: unknown): unknown {
  if (error instanceof Error) error.message = `${loss.name}: ${error.message}`;
  return error;
}

interface ArrayInputs {
  readonly arrays: { readonly [name: string]: NDArray };
  readonly values: { readonly [name: string]: unknown };
  readonly checked: CheckedInputs;
}

/** Arrays and parameters of a call, checked as far as they are known in host memory. */
function arrayInputs(loss: Loss, options: { readonly [option: string]: unknown }): ArrayInputs {
  const { inputs, parameters } = sortOptions(loss, options);
  const missing = loss.inputs.filter((name) => !inputs[name]);
  if (missing.length > 0) throw new RangeError(`${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing; of arrays it needs ${loss.inputs.join(', ')}`);
  for (const [name, input] of Object.entries(inputs)) if (!(input instanceof NDArray)) throw new TypeError(`${name} is no NDArray, while other inputs are; give arrays alone, or symbols alone`);
  const arrays = inputs as { readonly [name: string]: NDArray };
  const values = readParameters(parametersOf(loss), parameters);
  const names = presentInputs(loss, values);
  const list = names.map((name) => arrays[name]!);
  const checked = { names, arrays: list, checks: inputChecksOf(loss, values, list.map(({ shape }) => shape)) };
  checkInputsAtHand(checked);
  return { arrays, values, checked };
}

function ofSymbols(loss: Loss, operator: Operator, { name, attributes, ...options }: { readonly [option: string]: unknown } & CommonOptions): Symbol {
  const { inputs, parameters } = sortOptions(loss, options, `${name ?? loss.name.toLowerCase()} (${loss.name})`);
  return createSymbol(operator, { name, attributes, inputs: inputs as { [name: string]: Symbol }, parameters });
}

/** Options by the names of inputs and parameters; optional inputs that are given set their parameter. */
function sortOptions(loss: Loss, options: { readonly [option: string]: unknown }, label?: string): { inputs: { [name: string]: unknown }; parameters: { [name: string]: unknown } } {
  const optional = optionalInputsOf(loss);
  const inputNames = new Map([...loss.inputs, ...optional].map((name) => [camelCase(name), name]));
  const parameterNames = new Map(Object.keys(parametersOf(loss)).filter((name) => !optional.map(presenceOf).includes(name)).map((name) => [camelCase(name), name]));
  const inputs: { [name: string]: unknown } = {};
  const parameters: { [name: string]: unknown } = {};
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const input = inputNames.get(option);
    const parameter = parameterNames.get(option);
    if (input !== undefined) inputs[input] = value;
    else if (parameter !== undefined) parameters[parameter] = value;
    else throw new RangeError(`${label ? `${label}: ` : ''}there is no option ${option}; the options are ${[...inputNames.keys(), ...parameterNames.keys()].join(', ')}`);
    if (input !== undefined && optional.includes(input)) parameters[presenceOf(input)] = true;
  }
  return { inputs, parameters };
}

/** Values of all parameters, read through their texts so that arrays refuse what symbols refuse. */
export function readParameters(table: ParameterTable, given: { readonly [name: string]: unknown }): { readonly [name: string]: unknown } {
  return Object.fromEntries(Object.entries(table).map(([name, parameter]) => {
    const value = given[name];
    if (value === undefined && parameter.required) throw new RangeError(`the parameter ${camelCase(name)} (${parameter.kind}) is required`);
    if (value === undefined) return [name, parameter.fallback];
    try {
      return [name, parameter.parse(typeof value === 'string' ? value : parameter.format(value))];
    } catch (error) {
      throw error instanceof RangeError ? new RangeError(`${camelCase(name)}: ${error.message}`, { cause: error }) : error;
    }
  }));
}
