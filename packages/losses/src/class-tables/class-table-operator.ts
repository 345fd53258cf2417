import { add, div, formatShape, mul, reshape, stopGradient, sum, vjp, type NDArray } from '@lossworks/ndarray';
import { choice, defineOperator, float, int, type BackwardCall, type Call, type Operator, type ParameterTable, type ParameterValues } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';
import type { ClassTable } from './class-table.js';
import { realRows } from '../functions/rows.js';
import { centerContributions, movedCenters } from './following.js';

/** Parameters of every loss around class centers. */
export const classTableParameters = {
  num_class: int('Number of classes: rows of the center table.', { minimum: 1 }),
  alpha: float('How far a center moves towards its class in one step, 0 to 1.', { fallback: 0.5, minimum: 0, maximum: 1 }),
  scale: float('λ: multiplies the gradients. Does not touch centers that follow.', { fallback: 1 }),
  normalization: choice('What the gradient is divided by: nothing (the optimizer averages over the batch), or the batch.', ['null', 'batch'], { fallback: 'null' }),
  center_update: choice('follow: centers are an auxiliary state and move by equation 4; gradient: they are an argument, trained like a weight.', ['follow', 'gradient'], { fallback: 'follow' }),
};
type Parameters = typeof classTableParameters;
type AnyCall = Call<Parameters>;

/**
 * The operator of a class table. Inputs data `[batch, dimensions]` and label `[batch]`; center `[num_class, dimensions]` is an auxiliary state, or with
 * `center_update: gradient` an input. Its output is the loss averaged over the real rows, shape `[1]`. Its gradient is, by convention, that of the *sum* of
 * losses times head gradient and `scale`, as that of every output layer is a sum: the optimizer's `rescaleGradient` makes it a mean; with `normalization:
 * 'batch'` it is divided here. Centers that follow get no gradient: c_k += α · Σ(x − c_k) / (1 + n_k) over the n_k samples of class k, once a step, over all
 * micro-batches of the step (Wen et al. 2016, equation 4); padded rows count nowhere, and a class without samples keeps its center.
 */
export function classTableOperator<Table extends ParameterTable>(table: ClassTable<Table>): Operator<Table & Parameters> {
  const entry = table as unknown as ClassTable;
  const operator = defineOperator<Parameters>({
    name: table.name,
    parameters: { ...table.parameters, ...classTableParameters },
    inputs: ({ center_update }) => ['data', 'label', ...(center_update === 'gradient' ? ['center'] : [])],
    auxiliaryStates: ({ center_update }) => (center_update === 'follow' ? ['center'] : []),
    variableAttributes: { center: { __init__: '["zero", {}]' } },
    inputChecks: ({ num_class }, shapes) => [...numbersIn(shapes), { input: 1, holds: 'classes', classes: num_class }],
    completeShapes: ({ inputs, auxiliaryStates }, { num_class, center_update }) => {
      const [data, label, trained] = inputs;
      if (data && data.length !== 2) throw new RangeError(`data has shape ${formatShape(data)}; it needs two axes, batch and dimensions: flatten it first`);
      const center = trained ?? auxiliaryStates[0];
      const batch = data?.[0] || label?.[0] || 0;
      const dimensions = data?.[1] || center?.[1] || 0;
      const centers = [[num_class, dimensions]];
      return { inputs: [[batch, dimensions], [batch], ...(center_update === 'gradient' ? centers : [])], auxiliaryStates: center_update === 'follow' ? centers : [], outputs: [[1]] };
    },
    record: (call) => {
      // The way back uses the centers as they are now, however they move meanwhile; through a state nothing is differentiated.
      call.memory['center'] = follows(call) ? stopGradient(call.auxiliaryStates[0]!) : call.inputs[2]!;
      const losses = lossesOf(entry, call);
      const mean = div(sum(losses), rowCount(call));
      const term = entry.centerTerm?.(centerOf(call), call.parameters as never);
      return [reshape(term ? add(mean, term) : mean, [1])];
    },
    gradient: (call) => gradients(entry, call),
    contribution: {
      contribute: (call) => {
        const { inputs: [data, label], validRows } = call;
        return follows(call) ? centerContributions({ data: data!, label: label!, center: centerOf(call) }, realRows(data!.shape[0]!, validRows)) : [];
      },
      commit: ([center], contributions, parameters) => (center ? [movedCenters(entry, center, contributions, parameters)] : []),
    },
  });
  return operator as unknown as Operator<Table & Parameters>;
}

function follows({ parameters }: AnyCall): boolean {
  return parameters.center_update === 'follow';
}

function centerOf({ memory }: AnyCall): NDArray {
  return memory['center'] as NDArray;
}

/** Zero for padded rows. */
function lossesOf(entry: ClassTable, call: AnyCall): NDArray {
  const { inputs: [data, label], parameters } = call;
  const losses = entry.losses({ data: data!, label: label!, center: centerOf(call) }, parameters as ParameterValues<ParameterTable>);
  const real = realRows(data!.shape[0]!, call.validRows);
  return real ? mul(losses, real) : losses;
}

/** Head gradient · λ · d Σ losses, recorded anew: what was recorded forwards may have been computed and let go since. */
function gradients(entry: ClassTable, call: BackwardCall<Parameters>): (NDArray | null)[] {
  const { inputs: [data], parameters: { scale, normalization }, outputGradients: [head] } = call;
  const center = centerOf(call);
  const losses = lossesOf(entry, call);
  const weight = reshape(mul(head!, scale), []);
  const each = normalization === 'batch' ? div(weight, rowCount(call)) : weight;
  const wanted = follows(call) ? [data!] : [data!, center];
  const outputs = [losses];
  const heads = [each.broadcastTo(losses.shape)];
  const term = follows(call) ? undefined : entry.centerTerm?.(center, call.parameters as never);
  if (term) {
    outputs.push(term);
    heads.push(weight);
  }
  const [ofData, ofCenter] = vjp(outputs, wanted, heads);
  return follows(call) ? [ofData!, null] : [ofData!, null, ofCenter!];
}

function rowCount({ inputs: [data], validRows }: AnyCall): NDArray | number {
  return validRows ?? data!.shape[0]!;
}
