import { cast, equalsClass, formatShape, greater, maximum, mul, neg, reshape, where } from '@lossworks/ndarray';
import { bool, defineOperator, float } from '@lossworks/graph';
import { numbersIn } from '../functions/check-inputs.js';

/** Identity; gradient of the one-against-rest hinge loss, squared unless `use_linear`. MXNet `SVMOutput`. */
export const svmOutputOperator = defineOperator({
  name: 'SVMOutput',
  parameters: {
    margin: float('Score that the true class must reach, and the others must stay below the negative of.', { fallback: 1 }),
    regularization_coefficient: float('Multiplies the gradient.', { fallback: 1 }),
    use_linear: bool('Hinge in place of squared hinge.', { fallback: false }),
  },
  inputs: () => ['data', 'label'],
  usesHeadGradient: () => false,
  inputChecks: (_, shapes) => [...numbersIn(shapes), { input: 1, holds: 'classes', classes: shapes[0]!.at(-1)! }],
  completeShapes: ({ inputs: [data, label], auxiliaryStates }) => {
    const needed = data?.slice(0, -1);
    if (data && label && (label.length !== needed!.length || label.some((dimension, axis) => dimension && needed![axis] && dimension !== needed![axis]))) {
      throw new RangeError(`label has shape ${formatShape(label)}, data ${formatShape(data)} needs ${formatShape(needed!)}`);
    }
    return { inputs: [data, label ?? needed], auxiliaryStates, outputs: [data] };
  },
  record: ({ inputs: [data] }) => [data!],
  gradient: ({ inputs: [data, label], parameters: { margin, regularization_coefficient: c, use_linear } }) => {
    const classes = data!.shape.at(-1)!;
    const scores = reshape(data!, [data!.size / classes, classes]);
    const isTrue = equalsClass(reshape(label!, [label!.size]), classes);
    // Signed so that both cases read: margin − score of the true class, margin + score of the others.
    const signed = where(isTrue, neg(scores), scores);
    const violation = signed.add(margin);
    const size = use_linear ? cast(greater(violation, 0), 'float32').mul(c) : maximum(violation, 0).mul(2 * c);
    return [reshape(mul(size, where(isTrue, -1, 1)), data!.shape), null];
  },
});

