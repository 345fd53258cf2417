import { formatShape, sameShape, type Shape, sizeOf } from '@lossworks/ndarray';
import type { Node, NodeOutput, Symbol } from '@lossworks/graph';
import { centerTables, trainedTableLosses } from '../class-tables/family.js';
import { lossFunctions } from '../loss-functions.js';

/** How a network is trained, as far as the weight of its losses depends on it. */
export interface DescribeOptions {
  /** Samples of a step, at least 1. */
  readonly batchSize: number;
  /** What the optimizer multiplies gradients by; 1/batchSize unless given, as `Module` does. */
  readonly rescaleGrad?: number;
  /** Shapes of arguments, where a weight depends on them (`makeLoss` with a normalization). */
  readonly shapes?: { readonly [argument: string]: Shape };
}

/** What one loss of a symbol really weighs. */
export interface LossWeight {
  /** The output it belongs to. */
  readonly output: string;
  /** What is minimised: a formula, meant as the mean over the samples of the batch. */
  readonly loss: string;
  /** Its factor in what the optimizer minimises; NaN where shapes are needed to tell. */
  readonly weight: number;
  /** The factors it is made of, in words. */
  readonly factors: readonly string[];
  /** What is probably not meant. */
  readonly notes: readonly string[];
}

/** What becomes of the gradient on the way from the optimizer to a loss. */
interface Trace {
  readonly factor: number;
  readonly factors: readonly string[];
  readonly notes: readonly string[];
}

interface Context {
  readonly batch: number;
  readonly rescale: number;
  shapeOf(output: NodeOutput): Shape | undefined;
}

type Values = { readonly [name: string]: unknown };
type Weigh = (node: Node, trace: Trace, context: Context) => Omit<LossWeight, 'output'>;

/** A loss whose gradient is a sum over the batch, or was divided by it. */
function summed(loss: string, { factor, factors, notes }: Trace, { batch, rescale }: Context, dividedBy: 'nothing' | 'batch'): Omit<LossWeight, 'output'> {
  const byBatch = Math.abs(rescale * batch - 1) < 1e-9;
  if (dividedBy === 'batch') {
    const twice = byBatch && batch > 1 ? [`divided by the batch twice, here and by rescaleGrad: ${number(1 / batch)} of what its parameters say; use normalization 'null', or rescaleGrad 1`] : [];
    return { loss, weight: factor, factors, notes: [...notes, ...twice] };
  }
  const growing = byBatch || batch === 1 ? [] : ['a sum over the batch that nobody divides by it: it weighs more in a larger batch'];
  return { loss, weight: factor * batch, factors: [...factors, `${batch} samples`], notes: [...notes, ...growing] };
}

const times = (trace: Trace, factor: number, what: string): Trace => (factor === 1 ? trace : { ...trace, factor: trace.factor * factor, factors: [...trace.factors, what] });
const regression = (loss: string): Weigh => (node, trace, context) => {
  const scale = node.parameters['grad_scale'] as number;
  return summed(loss, times(trace, scale, `grad_scale ${scale}`), context, 'nothing');
};

/** Output layers, which start the gradient. */
const layers: { readonly [operator: string]: Weigh } = {
  SoftmaxOutput: (node, trace, context) => {
    const { grad_scale: scale, normalization, multi_output } = node.parameters as { grad_scale: number; normalization: string; multi_output: boolean };
    const [data, label] = node.inputs.map((input) => context.shapeOf(input));
    const probabilities = data !== undefined && label !== undefined && sameShape(data, label);
    const loss = `cross entropy${multi_output && !probabilities ? ', mean over positions' : ''}${normalization === 'valid' && !probabilities ? ', of valid labels' : ''}`;
    const scaled = times(trace, scale, `grad_scale ${scale}`);
    return summed(loss, scaled, context, normalization === 'null' || probabilities ? 'nothing' : 'batch');
  },
  LinearRegressionOutput: regression('½(x − y)², mean over targets'),
  LogisticRegressionOutput: regression('sigmoid cross entropy, mean over targets'),
  MAERegressionOutput: regression('|x − y|, mean over targets'),
  SVMOutput: (node, trace, context) => {
    const { regularization_coefficient: scale, use_linear } = node.parameters as { regularization_coefficient: number; use_linear: boolean };
    return summed(use_linear ? 'hinge, sum over classes' : 'squared hinge, sum over classes', times(trace, scale, `regularization_coefficient ${scale}`), context, 'nothing');
  },
  make_loss: (node, trace, context) => expression(node.inputs[0]!, trace, context),
  MakeLoss: (node, trace, context) => {
    const { grad_scale: scale, normalization } = node.parameters as { grad_scale: number; normalization: string };
    const input = node.inputs[0]!;
    const shape = context.shapeOf(input) ?? (isSingle(input.node) ? [1] : undefined);
    const divisors: { readonly [normalization: string]: number } = {
      null: 1, batch: shape ? sizeOf(shape) / shape.at(-1)! : NaN, valid: shape ? sizeOf(shape) : NaN,
    };
    const divisor = divisors[normalization]!;
    const notes = Number.isNaN(divisor) ? [`normalization ${normalization} depends on the shape of ${input.node.name}: give shapes`] : [];
    return expression(input, times({ ...times(trace, scale, `grad_scale ${scale}`), notes }, 1 / divisor, `1/${divisor} (${normalization})`), context);
  },
};

/** What a gradient passes on its way back to a loss. */
const passes: { readonly [operator: string]: (node: Node, trace: Trace) => Trace } = {
  _mul_scalar: (node, trace) => scalarOf(node, (scalar) => times(trace, scalar, `× ${scalar}`)),
  _MulScalar: (node, trace) => scalarOf(node, (scalar) => times(trace, scalar, `× ${scalar}`)),
  _div_scalar: (node, trace) => scalarOf(node, (scalar) => times(trace, 1 / scalar, `/ ${scalar}`)),
  _DivScalar: (node, trace) => scalarOf(node, (scalar) => times(trace, 1 / scalar, `/ ${scalar}`)),
  _copy: (_, trace) => trace,
  Reshape: (_, trace) => trace,
  sum: (_, trace) => trace,
};

function scalarOf(node: Node, use: (scalar: number) => Trace): Trace {
  return use(Number((node.parameters as Values)['scalar']));
}

const formulas = new Map<string, string>([
  ...Object.values(centerTables).map(({ name, formula }) => [name, formula] as const),
  ...Object.values({ ...lossFunctions, ...trainedTableLosses }).map(({ loss: { name, formula } }) => [name, formula] as const),
]);
const centerNames: ReadonlySet<string> = new Set(Object.values(centerTables).map(({ name }) => name));

/** Whether it has shape (1,) whatever the data's is. */
function isSingle({ operator, parameters, inputs }: Node): boolean {
  if (operator && operator.name in passes && operator.name !== 'sum') return isSingle(inputs[0]!.node);
  return operator !== null && (centerNames.has(operator.name) || ['mean', 'sum'].includes(String((parameters as Values)['reduction'])));
}

/** A loss that was made one by `makeLoss`: its gradient is the trace's factor times that of the sum of its elements. */
function expression(output: NodeOutput, trace: Trace, context: Context): Omit<LossWeight, 'output'> {
  const { node } = output;
  const name = node.operator?.name ?? 'variable';
  const pass = passes[name];
  if (pass) return expression(node.inputs[0]!, pass(node, trace), context);
  const formula = formulas.get(name);
  const values = node.parameters as Values;
  const loss = `${node.name} (${name})${formula ? `: ${formula}` : ''}`;
  if (centerNames.has(name)) {
    const scale = values['scale'] as number;
    const scaled = times(trace, scale, `scale ${scale}`);
    return summed(loss, values['normalization'] === 'batch' ? { ...scaled, factors: [...scaled.factors, `1/${context.batch} (batch) · ${context.batch} samples`] } : scaled, context, values['normalization'] === 'batch' ? 'batch' : 'nothing');
  }
  if (formula) {
    const scaled = times(trace, values['loss_weight'] as number, `loss_weight ${String(values['loss_weight'])}`);
    return summed(loss, scaled, context, values['reduction'] === 'mean' ? 'batch' : 'nothing');
  }
  const shape = context.shapeOf(output);
  return { loss: `sum of ${loss}${shape ? ` ${formatShape(shape)}` : ''}`, weight: trace.factor, factors: trace.factors, notes: trace.notes };
}

/**
 * What each loss of a symbol really weighs, after every normalisation: the optimizer minimises Σ weight · (mean of the loss over the batch). Only then can λ
 * be compared with another program's.
 *
 * @throws RangeError where the symbol has no loss, for a batchSize that is no whole number of at least 1, and for shapes that do not fit.
 */
export function lossWeights(symbol: Symbol, { batchSize, rescaleGrad = 1 / batchSize, shapes }: DescribeOptions): LossWeight[] {
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new RangeError(`describeLosses: batchSize ${batchSize} must be a whole number of at least 1`);
  const known = shapes ? knownShapes(symbol, shapes) : new Map<string, Shape>();
  const context: Context = { batch: batchSize, rescale: rescaleGrad, shapeOf: ({ node, index }) => known.get(node.outputName(index)) };
  const trace: Trace = { factor: rescaleGrad, factors: [`rescaleGrad ${number(rescaleGrad)}`], notes: [] };
  const weights = symbol.outputs.flatMap(({ node, index }) => {
    const weigh = layers[node.operator?.name ?? ''];
    return weigh ? [{ output: node.outputName(index), ...weigh(node, trace, context) }] : [];
  });
  if (weights.length === 0) throw new RangeError(`describeLosses: none of ${symbol.listOutputs().join(', ')} is a loss; wrap one in makeLoss, or use an output layer`);
  return weights;
}

function knownShapes(symbol: Symbol, shapes: { readonly [argument: string]: Shape }): Map<string, Shape> {
  const internals = symbol.getInternals();
  const inferred = internals.inferShapePartial(shapes);
  return new Map(internals.listOutputs().map((name, i) => [name, inferred.outputs[i]!] as const).filter(([, shape]) => shape.length > 0 && !shape.includes(0)));
}

function number(value: number): string {
  return Number(value.toPrecision(6)).toString();
}
