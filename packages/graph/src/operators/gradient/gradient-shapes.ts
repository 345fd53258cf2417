import { inferShapePartial } from '../../inference/infer-shape.js';
import type { NodeShapes } from '../operator.js';
import type { Inner } from './gradient.js';

/** What the network inside implies for its arguments; each gradient has the shape of its argument. */
export function gradientShapes({ inputs, auxiliaryStates, outputs }: NodeShapes, { heads, nodes, argumentNodes, wrt }: Inner): NodeShapes {
  const given = inputs.map((shape, i) => shape ?? outputs[wrt.indexOf(argumentNodes[i]!.name)]);
  const inferred = inferShapePartial({ nodes: () => [...nodes], outputs: heads }, given);
  const known = (shape: readonly number[]) => (shape.length === 0 ? undefined : shape);
  const shapes = inferred.arguments.map(known);
  return {
    inputs: shapes,
    auxiliaryStates: auxiliaryStates.map((state, i) => state ?? known(inferred.auxiliaryStates[i]!)),
    outputs: wrt.map((name) => shapes[argumentNodes.findIndex((node) => node.name === name)]),
  };
}
