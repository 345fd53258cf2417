import type { LossOptions, LossReference } from './loss-sample.js';

/** A loss of each pair of elements. */
function elementwise(loss: (x: number, y: number, options: LossOptions, index: number) => number): LossReference {
  return ({ data, label }, options) => data!.data.map((x, i) => loss(x, label!.data[i]!, options, i));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const number = (options: LossOptions, name: string, fallback: number): number => Number(options[name] ?? fallback);

export const elementReferences = {
  l1Loss: elementwise((x, y) => Math.abs(x - y)),
  l2Loss: elementwise((x, y) => (x - y) ** 2 / 2),
  huberLoss: elementwise((x, y, options) => {
    const delta = number(options, 'delta', 1);
    const d = Math.abs(x - y);
    return d <= delta ? d ** 2 / 2 : delta * (d - delta / 2);
  }),
  smoothL1Loss: elementwise((x, y, options) => {
    const beta = number(options, 'beta', 1);
    const d = Math.abs(x - y);
    return d < beta ? d ** 2 / (2 * beta) : d - beta / 2;
  }),
  logCoshLoss: elementwise((x, y) => Math.log(Math.cosh(x - y))),
  sigmoidCrossEntropyLoss: (inputs, options) => {
    const positive = inputs['posWeight'];
    return elementwise((x, y, { fromSigmoid }, i) => {
      const p = fromSigmoid ? x : sigmoid(x);
      const q = positive ? positive.data[i % positive.data.length]! : 1;
      return -q * y * Math.log(p) - (1 - y) * Math.log(1 - p);
    })(inputs, options);
  },
  focalLoss: elementwise((x, y, options) => {
    const [alpha, gamma] = [number(options, 'alpha', 0.25), number(options, 'gamma', 2)];
    const p = sigmoid(x);
    const right = y === 1 ? p : 1 - p;
    const weight = alpha < 0 ? 1 : y === 1 ? alpha : 1 - alpha;
    return -weight * (1 - right) ** gamma * Math.log(right);
  }),
  hingeLoss: elementwise((x, y, options) => Math.max(0, number(options, 'margin', 1) - x * y)),
  squaredHingeLoss: elementwise((x, y, options) => Math.max(0, number(options, 'margin', 1) - x * y) ** 2),
  logisticLoss: elementwise((x, y, { labelFormat }) => Math.log(1 + Math.exp(-x * (labelFormat === 'binary' ? 2 * y - 1 : y)))),
  poissonLoss: elementwise((x, y, options) => {
    const loss = options['fromLogits'] === false ? x - y * Math.log(x + number(options, 'epsilon', 1e-8)) : Math.exp(x) - y * x;
    const stirling = y > 1 ? y * Math.log(y) - y + Math.log(2 * Math.PI * y) / 2 : 0;
    return loss + (options['computeFull'] ? stirling : 0);
  }),
  gaussianLoss: (inputs, options) => elementwise((x, y, { full }, i) => {
    const variance = Math.max(inputs['variance']!.data[i]!, number(options, 'epsilon', 1e-6));
    return (Math.log(variance) + (x - y) ** 2 / variance + (full ? Math.log(2 * Math.PI) : 0)) / 2;
  })(inputs, options),
  marginRankingLoss: ({ data1, data2, label }, options) => data1!.data.map((a, i) => Math.max(0, -label!.data[i]! * (a - data2!.data[i]!) + number(options, 'margin', 0))),
} satisfies { readonly [name: string]: LossReference };
