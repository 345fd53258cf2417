import { hostData } from '@lossworks/ndarray';
import type { ForwardPass } from './forward-pass.js';

/**
 * Checks class indices that are fed in, where their values are in host memory: an index outside the classes would train on nonsense without a word.
 *
 * @throws RangeError naming node, argument, value, position and the way out.
 */
export function checkClassIndices({ runs }: ForwardPass): void {
  for (const { node, call } of runs) {
    const checks = node.operator!.classIndices?.(node.parameters, call.inputs.map(({ shape }) => shape)) ?? [];
    for (const { input, classes, ignore } of checks) {
      const indices = hostData(call.inputs[input]!) ?? [];
      const at = indices.findIndex((value) => {
        const index = Math.trunc(value);
        return !(index >= 0 && index < classes) && index !== ignore;
      });
      if (at < 0) continue;
      throw new RangeError(
        `${node.label}: ${node.inputs[input]!.node.name} is ${indices[at]} at position ${at}, outside the ${classes} classes 0..${classes - 1}` +
          `${ignore === undefined ? '' : ` and not the ignored ${ignore}`}; mend the label, use more classes, or bind with checkLabels: false to do as MXNet does`,
      );
    }
  }
}
