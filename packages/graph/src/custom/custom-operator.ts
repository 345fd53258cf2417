import { formatShape, placeholder, scratch, transient, type NDArray, type Shape } from '@lossworks/ndarray';
import { defineOperator } from '../operators/define-operator.js';
import type { BackwardCall, Call } from '../operators/operator.js';
import type { ParameterValues } from '../operators/parameter.js';
import { text } from '../operators/parameters/index.js';
import { isCustomAttribute } from '../operators/parse-parameters.js';
import type { CustomArguments, CustomOp, CustomOpProp, WriteRequest } from './custom-op.js';
import { createProp } from './custom-registry.js';

const parameters = { op_type: text('Name the operator was registered under.') };
type CustomParameters = ParameterValues<typeof parameters>;

const props = new WeakMap<object, CustomOpProp>();

function propOf(values: CustomParameters): CustomOpProp {
  let prop = props.get(values);
  if (!prop) {
    const { op_type: opType, ...rest } = values as { op_type: string } & CustomArguments;
    prop = createProp(opType, Object.fromEntries(Object.entries(rest).filter(([name]) => !isCustomAttribute(name))));
    props.set(values, prop);
  }
  return prop;
}

/** The instance that belongs to a node of a bound symbol. */
function instanceOf({ memory, name, inputs, auxiliaryStates, parameters: values }: Call<typeof parameters>): CustomOp {
  const arrays = [...inputs, ...auxiliaryStates];
  memory['operator'] ??= propOf(values).createOperator({ name }, arrays.map(({ shape }) => shape), arrays.map(({ dtype }) => dtype));
  return memory['operator'] as CustomOp;
}

/** An operator written by the user (MXNet `Custom`). */
export const customOperator = defineOperator({
  name: 'Custom',
  parameters,
  openParameters: true,
  hasEffects: true,
  inputs: (values) => propOf(values).listArguments(),
  auxiliaryStates: (values) => propOf(values).listAuxiliaryStates(),
  outputs: (values) => propOf(values).listOutputs(),
  usesHeadGradient: (values) => propOf(values).needTopGrad(),
  completeShapes: (shapes, values) => {
    const inferred = inferShapes(propOf(values), shapes.inputs);
    return inferred ?? shapes;
  },
  record: async (call) => {
    const prop = propOf(call.parameters);
    const { outputs } = inferShapes(prop, call.inputs.map(({ shape }) => shape))!;
    const outData = outputs.map((shape) => scratch(shape));
    await instanceOf(call).forward(call.isTrain, outData.map((): WriteRequest => 'write'), call.inputs, outData, call.auxiliaryStates);
    return transient(() => outData.map((output) => output.snapshot()));
  },
  gradient: async (call) => {
    const inGrad = call.inputs.map(({ shape }) => scratch(shape));
    const req = call.wanted.map((wanted): WriteRequest => (wanted ? 'write' : 'null'));
    await instanceOf(call).backward(req, topGradients(call), call.inputs, call.outputs, inGrad, call.auxiliaryStates);
    return transient(() => inGrad.map((gradient) => gradient.snapshot()));
  },
});

/** Where no top gradient is needed the arrays have no numbers: reading one is an error that says so. */
function topGradients({ parameters: values, outputs, outputGradients }: BackwardCall<typeof parameters>): NDArray[] {
  const needed = propOf(values).needTopGrad();
  return outputs.map(({ shape }, i) => (needed ? (outputGradients[i] ?? scratch(shape)) : placeholder(shape)));
}

interface InferredShapes {
  readonly inputs: readonly (Shape | undefined)[];
  readonly outputs: readonly Shape[];
  readonly auxiliaryStates: readonly (Shape | undefined)[];
}

function inferShapes(prop: CustomOpProp, inputs: readonly (Shape | undefined)[]): InferredShapes | undefined {
  if (inputs.every((shape) => shape === undefined)) return undefined;
  let inferred;
  try {
    inferred = prop.inferShape(inputs.map((shape) => shape ?? []));
  } catch (error) {
    // It may have looked at a shape that is not known yet.
    if (inputs.includes(undefined)) return undefined;
    throw error;
  }
  const [inputShapes, outputs, auxiliaryStates = []] = inferred;
  const counts = [
    ['input', inputShapes, prop.listArguments()],
    ['output', outputs, prop.listOutputs()],
    ['auxiliary state', auxiliaryStates, prop.listAuxiliaryStates()],
  ] as const;
  for (const [what, shapes, names] of counts) {
    if (shapes.length !== names.length) {
      throw new RangeError(`inferShape returned ${shapes.length} ${what} shape(s) ${shapes.map(formatShape).join(' ')}, the operator lists ${names.length}: ${names.join(', ') || 'none'}`);
    }
  }
  const known = (shape: Shape): Shape | undefined => (shape.length === 0 ? undefined : shape);
  return { inputs: inputShapes.map(known), outputs, auxiliaryStates: auxiliaryStates.map(known) };
}
