import { erf, exp, greater, minimum, reshape, stopGradient, where, type NDArray } from '@lossworks/ndarray';
import { sameAsData } from '../../inference/same-shapes.js';
import { defineOperator } from '../define-operator.js';
import type { Call } from '../operator.js';
import { choice, float } from '../parameters/index.js';

const parameters = {
  act_type: choice('What happens to x ≤ 0.', ['leaky', 'prelu', 'elu', 'selu', 'gelu', 'rrelu'], { fallback: 'leaky' }),
  slope: float('Factor of leaky and elu.', { fallback: 0.25 }),
  lower_bound: float('Least random slope of rrelu.', { fallback: 0.125 }),
  upper_bound: float('Greatest random slope of rrelu.', { fallback: 0.334 }),
};

// Klambauer et al. 2017, Self-Normalizing Neural Networks.
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;

/** x where x > 0, else something smaller. */
const bent = (x: NDArray, negative: NDArray) => where(greater(x, 0), x, negative);

/** λα(eˣ − 1), whose derivative MXNet takes to be λ(α + y) with y this very value, where λα·eˣ would be right. */
function seluNegative(x: NDArray): NDArray {
  const y = stopGradient(expNegative(x).mul(seluScale * seluAlpha));
  const derivative = y.add(seluAlpha).mul(seluScale);
  return y.add(x.sub(stopGradient(x)).mul(derivative));
}

/** eˣ − 1 for x ≤ 0; the cut keeps the branch that is not taken finite. */
const expNegative = (x: NDArray) => exp(minimum(x, 0)).sub(1);

const kinds: { readonly [Kind in 'leaky' | 'prelu' | 'elu' | 'selu' | 'gelu' | 'rrelu']: (x: NDArray, call: Call<typeof parameters>) => NDArray } = {
  leaky: (x, call) => bent(x, x.mul(call.parameters.slope)),
  elu: (x, call) => bent(x, expNegative(x).mul(call.parameters.slope)),
  selu: (x) => bent(x.mul(seluScale), seluNegative(x)),
  // x·Φ(x)
  gelu: (x) => x.mul(erf(x.div(Math.SQRT2)).add(1)).mul(0.5),
  prelu: (x, { inputs }) => bent(x, x.mul(perChannel(inputs[1]!, x))),
  rrelu: (x, { parameters: { lower_bound, upper_bound }, isTrain, random }) =>
    bent(x, x.mul(isTrain ? random.uniform(x.shape, lower_bound, upper_bound) : (lower_bound + upper_bound) / 2)),
};

function perChannel(gamma: NDArray, x: NDArray): NDArray {
  return reshape(gamma, x.shape.map((_, axis) => (axis === (x.shape.length > 1 ? 1 : 0) ? gamma.size : 1)));
}

/** Rectifiers that let something of x ≤ 0 through; `prelu` learns how much, a factor a channel. */
export const leakyReluOperator = defineOperator({
  name: 'LeakyReLU',
  parameters,
  inputs: ({ act_type }) => (act_type === 'prelu' ? ['data', 'gamma'] : ['data']),
  variableAttributes: { gamma: { __init__: '["Constant", {"value": 0.25}]' } },
  hiddenOutputs: ({ act_type }) => (act_type === 'rrelu' ? 1 : 0),
  completeShapes: (shapes, { act_type }) => {
    const { inputs, ...rest } = sameAsData(shapes);
    const [data, gamma] = inputs;
    const channels = data && (data.length > 1 ? data[1]! : data[0]!);
    // One factor for all channels is allowed where it is given.
    return { inputs: act_type === 'prelu' ? [data, gamma ?? (channels === undefined ? undefined : [channels])] : [data], ...rest };
  },
  record: (call) => [kinds[call.parameters.act_type](call.inputs[0]!, call)],
});
