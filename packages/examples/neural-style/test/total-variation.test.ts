import { array, RandomGenerator } from '@lossworks/ndarray';
import { expect, test } from 'vitest';
import { totalVariationExecutor } from '../src/style/total-variation.js';

const [height, width] = [5, 7];
const weight = 0.3;
const image = await new RandomGenerator(2).normal([1, 3, height, width], 0, 40).data();

/** weight/16 · Σ over neighbours (difference)², nought beyond the border, each pair once. */
function roughness(values: ArrayLike<number>): number {
  let sum = 0;
  const at = (channel: number, y: number, x: number): number => (y < 0 || x < 0 || y >= height || x >= width ? 0 : values[(channel * height + y) * width + x]!);
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 0; y <= height; y++) {
      for (let x = 0; x <= width; x++) sum += (at(channel, y, x) - at(channel, y - 1, x)) ** 2 + (at(channel, y, x) - at(channel, y, x - 1)) ** 2;
    }
  }
  return (weight / 16) * sum;
}

test("the Laplacian that is added to the gradient is the roughness's derivative", async () => {
  const executor = totalVariationExecutor(array(image, { shape: [1, 3, height, width] }), weight);
  await executor.forward();
  const found = await executor.outputs[0]!.data();
  found.forEach((value, i) => {
    const moved = (by: number): Float64Array => Float64Array.from(image).with(i, image[i]! + by);
    // A quadratic function: the central difference is its derivative.
    expect(value).toBeCloseTo(roughness(moved(0.5)) - roughness(moved(-0.5)), 3);
  });
});

test('it reads the image as it is at the moment', async () => {
  const pixels = array(new Float32Array(3 * height * width), { shape: [1, 3, height, width] });
  const executor = totalVariationExecutor(pixels, weight);
  pixels.assign(8);
  const corner = (await (await executor.forward())[0]!.data())[0]!;
  // Two of its four neighbours are beyond the border.
  expect(corner).toBeCloseTo(weight * 2, 5);
});
