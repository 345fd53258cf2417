import { describe, expect, it } from 'vitest';
import { clip, constant, conv, exp, gather, maximum, maxPool, neg, ones, placeholder, relu, sigmoid, slice, sub, sum, tanh, vjp, withDerivative, type NDArray } from '../src/index.js';
import { outline, programOf, rewrite } from '../src/internal.js';

/** Primitives of the program that is compiled for what is recorded from placeholders, sources and shapes left out. */
function compiled(results: readonly NDArray[]): string[] {
  const { steps } = rewrite(programOf(outline(results.map(({ value }) => value)), []));
  return steps.map(({ primitive }) => primitive).filter((primitive) => !['constant', 'broadcastTo', 'reshape', 'iota'].includes(primitive)).sort();
}

const x = placeholder([4, 3]);
const y = placeholder([4, 3]);
const row = placeholder([3]);
const gradientOf = (output: NDArray, input = x): NDArray[] => vjp([output], [input], [constant(1, output.shape)]);

describe('a program is compiled with less arithmetic than was recorded', () => {
  it.each<readonly [string, readonly NDArray[], readonly string[]]>([
    ['numbers are multiplied once', [x.mul(2).mul(3).neg()], ['mul']],
    ['but not past what float32 can hold', [x.mul(1e30).mul(1e30)], ['mul', 'mul']],
    ['a negative sum is a difference', [x.add(neg(y)), sub(x, neg(y)), neg(sub(x, y))], ['add', 'sub', 'sub']],
    ['a row is computed before it is spread', [exp(row.broadcastTo([4, 3]).mul(2)).add(row)], ['add', 'exp', 'mul']],
    ['slices of a value have one gradient, side by side', gradientOf(sum(slice(x, [0, 0], [1, 3]).mul(2)).add(sum(exp(slice(x, [1, 0], [3, 3])))).add(sum(slice(x, [3, 0], [4, 3])))), ['concat', 'exp', 'slice']],
    ['a gathered part adds its gradient onto that of the whole', gradientOf(sum(exp(x)).add(sum(gather(x, placeholder([2], 'int32'))))), ['exp', 'scatterAdd']],
    ['limits on both sides have one mask', gradientOf(sum(clip(x, -1, 1).mul(y))), ['and', 'cast', 'less', 'less', 'max', 'mul', 'not', 'not']],
    ['a square has one product for its gradient', gradientOf(sum(x.mul(x))), ['mul']],
    ['a rectifier has a mask', gradientOf(sum(relu(x))), ['cast', 'less', 'relu']],
  ])('%s', (_, results, primitives) => {
    expect(compiled(results)).toEqual(primitives);
  });
});

it('reshapes once, and not at all where the first shape comes back', () => {
  const flat = x.reshape([12]);
  const { steps, outputs } = rewrite(programOf(outline([flat.reshape([2, 6]).reshape([3, 4]), exp(x).reshape([12]).reshape([4, 3])].map(({ value }) => value)), []));
  expect(steps.map(({ primitive, shape }) => [primitive, shape])).toEqual([['reshape', [3, 4]], ['exp', [4, 3]]]);
  expect(outputs).toEqual([1, 2]);
});

describe('a pooled layer', () => {
  const [image, weight, bias] = [placeholder([2, 3, 9, 9]), placeholder([4, 3, 2, 2]), placeholder([1, 4, 1, 1])];
  const pooled = maxPool(tanh(conv(image, weight).add(bias)), { kernel: [2, 2], strides: 2 });

  it('is shifted and bent after its maxima were taken, and on the way back before they are spread', () => {
    const { steps } = rewrite(programOf(outline([pooled, ...vjp([pooled], [weight, bias], [constant(1, pooled.shape)])].map(({ value }) => value)), []));
    const large = steps.filter(({ shape }) => shape.length === 4 && shape[2] === 8).map(({ primitive }) => primitive);
    expect(large).toEqual(['conv', 'maxPoolGradient']);
  });

  it('stays as it is where the sum differs within a window', () => {
    const uneven = maxPool(conv(image, weight).add(placeholder([1, 1, 8, 8])), { kernel: [2, 2], strides: 2 });
    expect(compiled([uneven])).toEqual(['add', 'conv', 'maxPool']);
  });
});

describe('a declared derivative', () => {
  const softplus = withDerivative(maximum(x, 0), x, sigmoid(x));

  it('is what is computed, and nothing of the way to the value', () => {
    expect(compiled(gradientOf(sum(softplus)))).toEqual(['sigmoid']);
  });

  it('costs nothing where no gradient is asked for', () => {
    expect(compiled([softplus])).toEqual(['max']);
  });

  it('has a derivative itself', async () => {
    const point = ones([2]).mul(0.5).snapshot();
    const [first] = vjp([withDerivative(maximum(point, 0), point, sigmoid(point))], [point], [ones([2])]);
    const [second] = vjp([first!], [point], [ones([2])]);
    const s = 1 / (1 + Math.exp(-0.5));
    expect((await second!.data())[0]).toBeCloseTo(s * (1 - s), 6);
  });
});
