import { expect, test } from 'vitest';
import { array, conv, minimum, pad, RandomGenerator, read, vjp } from '../src/index.js';

const random = new RandomGenerator(4);
const [data, weight] = [random.normal([2, 3, 5, 6]), random.normal([4, 3, 3, 3])];

// The runtime cannot load a padding before a convolution where what is padded is a result as well.
test.each([1, 2])('zeros added on unequal sides before a convolution of stride %i count as its padding, forward and backward', async (stride) => {
  const [x, w] = [array(await data.data(), { shape: data.shape }), array(await weight.data(), { shape: weight.shape })];
  const limited = minimum(x, 6);
  const outside = conv(pad(limited, [0, 0, 0, 1], [0, 0, 1, 2], 0), w, { strides: [stride, stride] });
  const inside = conv(limited, w, { strides: [stride, stride], pads: [0, 1], padsAfter: [1, 2] });
  const head = random.normal(outside.shape);
  const gradients = [outside, inside].flatMap((output) => vjp([output], [x, w], [head]));
  const [same, ...results] = await read([limited, outside, inside, ...gradients.map((gradient) => gradient!)]);
  expect(same).toEqual(await x.data());
  const [one, other, oneData, oneWeight, otherData, otherWeight] = results;
  for (const [found, expected] of [[one, other], [oneData, otherData], [oneWeight, otherWeight]] as const) {
    found!.forEach((value, i) => expect(Math.abs(value - expected![i]!)).toBeLessThan(1e-4));
  }
});

test('another number added before a convolution stays', async () => {
  const x = array([[[[1, 2]]]]);
  const y = conv(pad(x, [0, 0, 0, 1], [0, 0, 0, 0], 5), array([[[[1, 1]]]]));
  expect([...(await y.data())]).toEqual([6, 3]);
});
