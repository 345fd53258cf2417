import { type Executor, bind, convolution, reshape, variable } from '@lossworks/graph';
import { array, type NDArray } from '@lossworks/ndarray';

const laplacian = [0, -1, 0, -1, 4, -1, 0, -1, 0].map((value) => value / 8);

/**
 * An executor whose output is the gradient of the image's roughness weight/16·Σ(difference of neighbours)², black beyond the border: each channel convolved
 * with a Laplacian / 8 (what MXNet's neural style calls total variation). The image is bound as it is, its output is added to the gradient.
 */
export function totalVariationExecutor(image: NDArray, weight: number): Executor {
  const [, channels, height, width] = image.shape as [number, number, number, number];
  const alone = reshape({ data: variable('img'), shape: [channels, 1, height, width] });
  const filtered = convolution({ data: alone, weight: variable('kernel'), numFilter: 1, kernel: [3, 3], pad: [1, 1], noBias: true });
  const output = reshape({ data: filtered, shape: [1, channels, height, width] }).mul(weight);
  return bind(output, { args: { img: image, kernel: array(Float32Array.from(laplacian), { shape: [1, 1, 3, 3] }) }, gradReq: 'null' });
}
