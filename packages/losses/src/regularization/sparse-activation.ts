import { add, constant, div, formatShape, mul, sub, sum, type NDArray } from '@lossworks/ndarray';
import { commonShape, defineOperator, float, type Call } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';

const parameters = {
  sparseness_target: float('ρ: how active a unit should be on average, 0 to 1.', { fallback: 0.1, minimum: 0, maximum: 1 }),
  penalty: float('λ: weight of the divergence.', { fallback: 0.001 }),
  momentum: float('How much of the moving average of the activity stays in a step.', { fallback: 0.9 }),
};

/**
 * Identity on data (batch, units) whose gradient pulls each unit's average activity a towards ρ: h + λ·(−ρ/a + (1 − ρ)/(1 − a)), the derivative of the
 * Kullback–Leibler divergence of two coins. The average is the auxiliary state `moving_avg` (units), which moves once a step. For data between 0 and 1,
 * such as a sigmoid's. MXNet `IdentityAttachKLSparseReg`.
 */
export const sparseActivationOperator = defineOperator({
  name: 'IdentityAttachKLSparseReg',
  parameters,
  inputs: () => ['data'],
  auxiliaryStates: () => ['moving_avg'],
  inputChecks: (_, shapes) => numbersIn(shapes),
  completeShapes: ({ inputs: [data], auxiliaryStates: [average], outputs: [output] }) => {
    const shape = commonShape([data, output]);
    if (shape && shape.length !== 2) throw new RangeError(`data has shape ${formatShape(shape)}; it needs two axes, batch and units: flatten it first`);
    return { inputs: [shape], auxiliaryStates: [shape ? [shape[1]!] : average], outputs: [shape] };
  },
  record: (call) => {
    // The way back uses the average as it is now, however it moves meanwhile.
    call.memory['average'] = call.auxiliaryStates[0]!.snapshot();
    return [call.inputs[0]!];
  },
  gradient: (call) => {
    const { inputs: [data], outputGradients: [head], parameters: { sparseness_target: target, penalty } } = call;
    const average = moved(remembered(call), sum(data!, { axes: 0 }), constant(data!.shape[0]!), call.parameters.momentum);
    const slope = sub(div(1 - target, sub(1, average)), div(target, average)).mul(penalty);
    return [add(head!, slope)];
  },
  contribution: {
    perWorker: true,
    contribute: ({ inputs: [data] }) => [sum(data!, { axes: 0 }), constant(data!.shape[0]!)],
    commit: ([average], [sums, count], { momentum }) => [moved(average!, sums!, count!, momentum)],
  },
});

function remembered({ memory }: Call<typeof parameters>): NDArray {
  return memory['average'] as NDArray;
}

function moved(average: NDArray, sums: NDArray, count: NDArray, momentum: number): NDArray {
  return add(average.mul(momentum), mul(div(sums, count), 1 - momentum));
}
