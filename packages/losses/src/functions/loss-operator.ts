import type { NDArray, Shape } from '@lossworks/ndarray';
import { bool, defineOperator, type InputCheck, type NodeShapes, type Operator, type ParameterTable, type ParameterValues } from '@lossworks/graph';
import { numbersIn } from './check-inputs.js';
import type { Loss } from './loss.js';
import { realRows } from './rows.js';
import { reduceLosses, reductionParameters } from './reduction.js';

type Values = { readonly [name: string]: unknown };

/** Which optional input a parameter says is there: `use_sample_weight`. */
export function presenceOf(input: string): string {
  return `use_${input}`;
}

/** Optional inputs of a loss: its own, then the weights of samples. */
export function optionalInputsOf({ optionalInputs = [] }: Loss): readonly string[] {
  return [...optionalInputs, 'sample_weight'];
}

/** Parameters of a loss: its own, those of the reduction, and which optional inputs are there. */
export function parametersOf(loss: Loss): ParameterTable {
  const presence = optionalInputsOf(loss).map((input) => [presenceOf(input), bool(`Whether ${input} is an input.`, { fallback: false })] as const);
  return { ...loss.parameters, ...reductionParameters, ...Object.fromEntries(presence) };
}

/** The names of inputs that are there, in order. */
export function presentInputs(loss: Loss, values: Values): readonly string[] {
  return [...loss.inputs, ...optionalInputsOf(loss).filter((input) => values[presenceOf(input)] === true)];
}

/** What the inputs that are there may hold: numbers, optional ones weights unless the loss says what else, and what the loss says. */
export function inputChecksOf(loss: Loss, values: Values, shapes: readonly Shape[]): readonly InputCheck[] {
  const own = loss.inputChecks?.(values as never, shapes) ?? [];
  const told = new Set(own.map(({ input }) => input));
  return [
    ...numbersIn(shapes),
    ...[...shapes.keys()].slice(loss.inputs.length).filter((input) => !told.has(input)).map((input): InputCheck => ({ input, holds: 'weights' })),
    ...own,
  ];
}

/** Records, weighs and reduces a loss. */
export function evaluateLoss(loss: Loss, arrays: { readonly [input: string]: NDArray | undefined }, values: Values, validRows?: NDArray): NDArray {
  const apart = loss.samples === 'apart';
  const recorded = loss.record(arrays as never, values as never, apart ? undefined : realRows(arrays[loss.inputs[0]!]!.shape[0]!, validRows));
  return reduceLosses(recorded, { sampleWeight: arrays['sample_weight'], validRows: apart ? validRows : undefined }, values as ParameterValues<typeof reductionParameters>);
}

/** The operator of a loss. Its gradient is the derivative of what it records. */
export function lossOperator(loss: Loss): Operator {
  return defineOperator<ParameterTable>({
    name: loss.name,
    parameters: parametersOf(loss),
    inputs: (values) => presentInputs(loss, values),
    ...(loss.initializers && { variableAttributes: Object.fromEntries(Object.entries(loss.initializers).map(([input, __init__]) => [input, { __init__: __init__! }])) }),
    inputChecks: (values, shapes) => inputChecksOf(loss, values, shapes),
    completeShapes: (shapes, values) => completeShapes(loss, shapes, values),
    record: ({ inputs, parameters: values, validRows }) => {
      const names = presentInputs(loss, values);
      return [evaluateLoss(loss, Object.fromEntries(names.map((name, i) => [name, inputs[i]!])), values, validRows)];
    },
  });
}

function completeShapes(loss: Loss, shapes: NodeShapes, values: Values): NodeShapes {
  const [data] = shapes.inputs;
  if (!data) return shapes;
  const batch = data[(values as ParameterValues<typeof reductionParameters>).batch_axis] ?? 0;
  const implied: { readonly [input: string]: Shape | undefined } = { sample_weight: [batch], ...loss.inputShapes?.(data, values as never) };
  return { ...shapes, inputs: presentInputs(loss, values).map((name, i) => shapes.inputs[i] ?? implied[name]) };
}
