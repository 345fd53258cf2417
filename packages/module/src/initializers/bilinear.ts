import { array, formatShape } from '@lossworks/ndarray';
import { defineInitializer } from './initializer-rule.js';

/** Weights of a deconvolution that interpolates between pixels (MXNet `Bilinear`). The width determines the slope along both axes, as in MXNet. */
export const bilinear = defineInitializer({
  name: 'bilinear',
  defaults: {},
  fill({ name, shape }) {
    const [, , height, width] = shape;
    if (height === undefined || width === undefined || shape.length !== 4) {
      throw new RangeError(`bilinear: ${name} has shape ${formatShape(shape)}; it must be [filters, channels, height, width]: give it another initializer`);
    }
    const factor = Math.ceil(width / 2);
    const center = (2 * factor - 1 - (factor % 2)) / (2 * factor);
    const weightAt = (position: number) => 1 - Math.abs(position / factor - center);
    const kernel = Float32Array.from({ length: height * width }, (_, i) => weightAt(i % width) * weightAt(Math.floor(i / width)));
    const weights = new Float32Array(shape.reduce((product, length) => product * length, 1));
    for (let start = 0; start < weights.length; start += kernel.length) weights.set(kernel, start);
    return array(weights, { shape });
  },
});
