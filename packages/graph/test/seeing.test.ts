import { ones } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { activation, concat, convolution, explain, flatten, fullyConnected, NameManager, plotNetwork, pooling, simpleBind, sliceChannel, summary, variable, withNameManager, type Symbol } from '../src/index.js';

const shapes = { data: [2, 3, 8, 8] };

function network(): Symbol {
  return withNameManager(new NameManager(), () => {
    const data = variable('data');
    const conv = convolution({ data, numFilter: 4, kernel: [3, 3], pad: [1, 1], name: 'conv' });
    const joined = concat({ inputs: [activation({ data: conv, actType: 'relu', name: 'relu' }), data], name: 'join' });
    const pooled = pooling({ data: joined, kernel: [2, 2], stride: [2, 2], name: 'pool' });
    return fullyConnected({ data: flatten({ data: pooled, name: 'flat' }), numHidden: 10, name: 'fc' });
  });
}

describe('summary', () => {
  const told = summary(network(), shapes);
  it.each<[string, readonly number[], number, number]>([
    ['conv', [2, 4, 8, 8], 4 * 3 * 9 + 4, (2 * 512 * 27) / 1e6],
    ['relu', [2, 4, 8, 8], 0, 512 / 1e6],
    ['join', [2, 7, 8, 8], 0, 896 / 1e6],
    ['pool', [2, 7, 4, 4], 0, (224 * 4) / 1e6],
    ['flat', [2, 112], 0, 0],
    ['fc', [2, 10], 1130, (2 * 20 * 112) / 1e6],
  ])('%s has its output shape, parameters and arithmetic', (name, shape, parameters, megaflops) => {
    const layer = told.layers.find((each) => each.name === name)!;
    expect(layer).toMatchObject({ outputShapes: [shape], parameters });
    expect(layer.megaflops).toBeCloseTo(megaflops, 9);
  });
  it('counts every parameter once, however often it is used', () => {
    const weight = variable('w');
    const data = variable('data');
    const twice = fullyConnected({ data, weight, numHidden: 4, noBias: true, name: 'a' }).add(fullyConnected({ data, weight, numHidden: 4, noBias: true, name: 'b' }));
    expect(summary(twice, { data: [1, 5] }).parameters).toBe(20);
  });
  it('reads as a table with totals', () => {
    const lines = told.toString().split('\n');
    expect(lines).toHaveLength(told.layers.length + 4);
    expect(lines[2]).toMatch(/^conv \(Convolution\) +\[2,4,8,8\] +112 +0\.028 +data$/);
    expect(lines.at(-1)).toMatch(/^total +1,242 +/);
  });
  it('refuses shapes that do not determine the rest', () => {
    expect(() => summary(network(), {})).toThrow(/do not determine .*data/);
  });
});

describe('plotNetwork', () => {
  it('draws a box for every operator and for data, and an edge for every use', async () => {
    const svg = await plotNetwork(network(), { shapes, title: 'a < b' });
    const names = [...svg.matchAll(/font-weight="bold">([^<]*)</g)].map(([, name]) => name);
    expect(names.sort()).toEqual(['conv', 'data', 'fc', 'flat', 'join', 'pool', 'relu']);
    expect(svg.match(/marker-end/g)).toHaveLength(7);
    expect(svg).toContain('>[2,112]<');
    expect(svg).toContain('a &lt; b');
    expect(svg).not.toContain('NaN');
  });
  it('draws parameters where asked to', async () => {
    expect(await plotNetwork(network(), { showParameters: true })).toContain('>fc_weight<');
  });
  it('lets no name out of its text', async () => {
    const svg = await plotNetwork(variable('<script>\u0001&"').mul(2));
    expect(svg).toContain('&lt;script&gt;\ufffd&amp;&quot;');
  });
});

describe('explain', () => {
  it('tells operators with their time, and how the program was put together', async () => {
    const executor = simpleBind(network(), { shapes });
    for (const argument of executor.argArrays) argument.assign(ones(argument.shape));
    const told = await explain(executor, { runs: 2 });
    const times = told.operators.map(({ milliseconds }) => milliseconds);
    expect(times.length).toBeGreaterThan(3);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(told.milliseconds).toBeGreaterThan(0);
    expect(told.program.steps).toBeGreaterThan(8);
    expect(told.toString()).toMatch(/elementwise chains of one shape: \d+/);
    // Gradients and outputs stay what they were.
    expect(Math.max(...(await executor.gradDict['fc_bias']!.data()))).toBe(0);
  });
  it('counts what equal expressions share, and chains of elementwise steps', async () => {
    const x = variable('x');
    const shared = x.mul(2).add(1).mul(x.mul(2).add(1));
    const executor = simpleBind(shared, { shapes: { x: [3] } });
    const { program } = await explain(executor, { isTrain: false, runs: 1 });
    expect(program.primitives.find(({ primitive }) => primitive === 'mul')?.steps).toBe(2);
    expect(program.sharedUses).toBeGreaterThan(0);
    expect(program.elementwiseChains).toEqual({ count: 1, steps: 2, longest: 2 });
  });
  it('counts equal expressions, folded constants and dead steps', async () => {
    const halves = sliceChannel({ data: variable('x').mul(1).add(0), numOutputs: 2, name: 'halves' });
    const left = halves.get(0);
    const executor = simpleBind(left.mul(3).add(left.mul(3)), { shapes: { x: [2, 4] } });
    const told = await explain(executor, { isTrain: false, runs: 1 });
    // x · 1 and x + 0 leave nothing; the second left · 3 is the first, its number and that number's spreading included.
    expect(told.recording).toMatchObject({ folded: 2, equal: 3 });
    // The right half, and the two numbers folded away, which each were spread.
    expect(told.deadSteps).toBe(5);
    expect(told.program.primitives.map(({ primitive, steps }) => [primitive, steps]).toSorted()).toEqual([['add', 1], ['broadcastTo', 1], ['constant', 1], ['mul', 1], ['slice', 1]]);
    expect(told.toString()).toMatch(/3 equal ones taken again, 2 operations on known numbers folded, 5 dead steps left out/);
  });
});
