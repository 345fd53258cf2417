import { array, ones, RandomGenerator, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import {
  activation, batchNorm, blockGrad, convolution, flatten, fullyConnected, pooling, simpleBind, softmax, Symbol, sum, variable, type Executor,
} from '../src/index.js';

const x = variable('x');

async function outputsAt(symbol: Symbol, values: { readonly [name: string]: readonly number[] }): Promise<number[][]> {
  const shapes = Object.fromEntries(Object.entries(values).map(([name, list]) => [name, [list.length]]));
  const executor = simpleBind(symbol, { shapes });
  for (const [name, list] of Object.entries(values)) executor.argDict[name]!.assign(array([...list]));
  await executor.forward();
  return Promise.all(executor.outputs.map(async (output) => [...(await output.data())]));
}

describe('the gradient of a symbol is a symbol', () => {
  it.each<[string, Symbol, { [name: string]: number[] }, number[][]]>([
    ['of a product of one variable with itself', x.mul(x).grad(['x']), { x: [3, -2] }, [[6, -4]]],
    ['differentiated again', x.mul(x).mul(x).grad(['x']).grad(['x']), { x: [3, -2] }, [[18, -12]]],
    ['a third time', x.pow(4).grad(['x']).grad(['x']).grad(['x']), { x: [2] }, [[48]]],
    ['with respect to several arguments', x.mul(variable('y')).grad(['y', 'x']), { x: [2], y: [5] }, [[2], [5]]],
    ['of an argument that nothing depends on', blockGrad({ data: x, name: 'stop' }).add(variable('y')).grad(['x', 'y']), { x: [2], y: [5] }, [[0], [1]]],
    ['composed with other operators', x.mul(x).grad(['x']).mul(10), { x: [3] }, [[60]]],
  ])('%s', async (_, symbol, values, expected) => {
    expect(await outputsAt(symbol, values)).toEqual(expected);
  });
  it('names its outputs by argument, and its arguments and auxiliary states as before', () => {
    const net = batchNorm({ data: fullyConnected({ data: variable('data'), numHidden: 3, name: 'fc' }), name: 'bn' });
    const gradient = net.grad(['fc_weight', 'data'], { name: 'g' });
    expect(gradient.listOutputs()).toEqual(['g_fc_weight_grad', 'g_data_grad']);
    expect(gradient.listArguments()).toEqual(net.listArguments());
    expect(gradient.listAuxiliaryStates()).toEqual(net.listAuxiliaryStates());
    expect(gradient.inferShape({ data: [2, 5] })!.outputs).toEqual([[3, 5], [2, 5]]);
  });
  it('is written to JSON and read again', async () => {
    const gradient = x.mul(x).grad(['x']).grad(['x']);
    const again = Symbol.loadJSON(gradient.toJSONText());
    expect(again.toJSONText()).toBe(gradient.toJSONText());
    expect(await outputsAt(again, { x: [3] })).toEqual([[2]]);
  });
  it.each<[string, () => unknown, RegExp]>([
    ['a name that is no argument', () => x.mul(2).grad(['y']), /wrt \["y"\] must list arguments; they are x/],
    ['no name', () => x.mul(2).grad([]), /must list arguments/],
    ['two variables of one name', () => x.mul(variable('x')).grad(['x']), /two arguments are named x/],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe('second derivatives through an executor', () => {
  const net = (): Symbol => {
    const features = activation({ data: convolution({ data: variable('data'), numFilter: 2, kernel: [2, 2], name: 'conv' }), actType: 'tanh', name: 'act' });
    const pooled = pooling({ data: features, kernel: [2, 2], stride: [1, 1], name: 'pool' });
    const scores = fullyConnected({ data: flatten({ data: pooled, name: 'flat' }), numHidden: 3, name: 'fc' });
    return sum({ data: softmax({ data: scores, name: 'soft' }).mul(softmax({ data: scores, name: 'soft2' })), name: 'total' });
  };
  const bound = (symbol: Symbol): Executor => {
    const executor = simpleBind(symbol, { shapes: { data: [2, 1, 4, 4] } });
    const random = new RandomGenerator(8);
    for (const argument of executor.argArrays) argument.assign(random.normal(argument.shape));
    return executor;
  };
  it('agree with differences of first ones, through convolution, overlapping pooling and softmax', async () => {
    const second = bound(net().grad(['conv_weight']));
    const direction = new RandomGenerator(4).normal([2, 1, 2, 2]);
    await second.forward({ isTrain: true });
    await second.backward(direction);
    const found = [...(await second.gradDict['data']!.data())];
    // d/dε of the data gradient as the weights move along the direction: the same mixed derivative.
    const first = bound(net());
    const weight = first.argDict['conv_weight']!;
    const start = weight.snapshot();
    const gradientAt = async (distance: number): Promise<number[]> => {
      weight.assign(start.add(direction.mul(distance)));
      await first.forward({ isTrain: true });
      await first.backward(ones([1]));
      return [...(await (first.gradDict['data'] as NDArray).data())];
    };
    const [above, below] = [await gradientAt(1e-2), await gradientAt(-1e-2)];
    expect(found.some((value) => Math.abs(value) > 1e-3)).toBe(true);
    found.forEach((value, i) => expect(value).toBeCloseTo((above[i]! - below[i]!) / 2e-2, 2));
  });
});
