import { array, ones, RandomGenerator, vjp, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { camelCase, findOperator, listOperators, type Call } from '../src/index.js';
import { builtInOperators } from '../src/operators/table.js';
import { parseParameters } from '../src/operators/parse-parameters.js';

function call(name: string, attributes: { readonly [key: string]: string }, inputs: readonly NDArray[], options: Partial<Call> = {}): Call {
  const operator = findOperator(name);
  return {
    name: 'op',
    parameters: parseParameters(operator, attributes, 'op') as never,
    inputs,
    auxiliaryStates: [],
    isTrain: false,
    random: new RandomGenerator(7),
    memory: {},
    validRows: undefined,
    ...options,
  };
}

async function run(name: string, attributes: { readonly [key: string]: string }, inputs: readonly NDArray[], options: Partial<Call> = {}): Promise<number[][]> {
  const outputs = await findOperator(name).record(call(name, attributes, inputs, options));
  return Promise.all(outputs.map(async (output) => [...(await output.data())]));
}

const scores = array([[3, 1, 3, 2]]);

const results: readonly (readonly [claim: string, name: string, attributes: { readonly [key: string]: string }, inputs: readonly NDArray[], wanted: readonly (readonly number[])[]])[] = [
  ['topk gives positions, equal elements in their own order', 'topk', { k: '3' }, [scores], [[0, 2, 3]]],
  ['topk gives values', 'topk', { k: '2', ret_typ: 'value' }, [scores], [[3, 3]]],
  ['topk gives both', 'topk', { k: '2', ret_typ: 'both', is_ascend: 'True' }, [scores], [[1, 2], [1, 3]]],
  ['topk gives a mask', 'topk', { k: '2', ret_typ: 'mask' }, [scores], [[1, 0, 1, 0]]],
  ['topk goes along another axis', 'topk', { k: '1', axis: '0' }, [array([[1, 5], [2, 4]])], [[1, 0]]],
  ['sort descends', 'sort', { is_ascend: 'False' }, [scores], [[3, 3, 2, 1]]],
  ['sort takes the flattened array without an axis', 'sort', { axis: 'None' }, [array([[4, 1], [3, 2]])], [[1, 2, 3, 4]]],
  ['topk masks the smallest along another axis', 'topk', { k: '1', axis: '0', ret_typ: 'mask', is_ascend: 'True' }, [array([[1, 5], [2, 4]])], [[1, 0, 0, 1]]],
  ['topk takes all where k is 0', 'topk', { k: '0' }, [scores], [[0, 2, 3, 1]]],
  ['topk takes the flattened array without an axis', 'topk', { k: '2', axis: 'None' }, [array([[4, 1], [3, 5]])], [[3, 0]]],
  ['argsort descends, equal elements in their own order', 'argsort', { is_ascend: 'False' }, [scores], [[0, 2, 3, 1]]],
  ['argsort gives positions', 'argsort', {}, [scores], [[1, 3, 0, 2]]],
  ['slice goes backwards', 'slice', { begin: '(None,)', end: '(None,)', step: '(-2,)' }, [array([0, 1, 2, 3, 4])], [[4, 2, 0]]],
  ['slice leaves other axes whole', 'slice', { begin: '(None, 1)', end: '(None, 3)' }, [array([[0, 1, 2, 3]])], [[1, 2]]],
  ['stack makes a new axis', 'stack', { num_args: '2', axis: '1' }, [array([1, 2]), array([3, 4])], [[1, 3, 2, 4]]],
  ['squeeze drops axes of length 1', 'squeeze', {}, [array([[[5]]])], [[5]]],
  ['pick wraps', 'pick', { mode: 'wrap' }, [array([[1, 2, 3]]), array([-1])], [[3]]],
  ['rounding a half goes away from 0', 'round', {}, [array([-1.5, -0.5, 0.5, 1.5])], [[-2, -1, 1, 2]]],
  ['broadcast_mod has the sign of the divisor', 'broadcast_mod', {}, [array([-1, 1]), array([3])], [[2, 1]]],
  ['same pooling has a window for every step', 'Pooling', { kernel: '(3,)', stride: '(2,)', pooling_convention: 'same' }, [array([1, 5, 2, 7, 3], { shape: [1, 1, 5] })], [[5, 7, 3]]],
  ['softmax counts the elements before the length alone', 'softmax', { use_length: 'True' }, [array([[1, 1, 9], [0, 4, 4]]), array([2, 0])], [[0.5, 0.5, 0, 0, 0, 0]]],
  ['softmax counts along another axis', 'softmax', { use_length: 'True', axis: '0' }, [array([[1, 7], [1, 9]]), array([2, 1])], [[0.5, 1, 0.5, 0]]],
  ['LayerNorm gives out mean and deviation', 'LayerNorm', { output_mean_var: 'True', eps: '0' }, [array([[1, 3], [0, 4]]), array([1, 2]), array([0, 1])], [[-1, 3, -1, 3], [2, 2], [1, 2]]],
  ['take that raises takes what lies within', 'take', { mode: 'raise' }, [array([5, 6, 7]), array([2, 0])], [[7, 5]]],
  ['tile repeats the whole', 'tile', { reps: '(2, 2)' }, [array([1, 2])], [[1, 2, 1, 2, 1, 2, 1, 2]]],
  ['tile repeats along the last axis', 'tile', { reps: '(2,)' }, [array([[1, 2], [3, 4]])], [[1, 2, 1, 2, 3, 4, 3, 4]]],
  ['repeat repeats each element', 'repeat', { repeats: '2', axis: '1' }, [array([[1, 2], [3, 4]])], [[1, 1, 2, 2, 3, 3, 4, 4]]],
  ['repeat takes the flattened array without an axis', 'repeat', { repeats: '2' }, [array([[1], [2]])], [[1, 1, 2, 2]]],
  ['reverse turns an axis round', 'flip', { axis: '1' }, [array([[1, 2], [3, 4]])], [[2, 1, 4, 3]]],
  ['reshape_like takes another shape', 'reshape_like', {}, [array([[1, 2], [3, 4]]), array([0, 0, 0, 0])], [[1, 2, 3, 4]]],
  ['slice_like cuts to another size', 'slice_like', { axes: '(1,)' }, [array([[1, 2], [3, 4]]), array([[0]])], [[1, 3]]],
  ['depth_to_space spreads channels out', 'depth_to_space', { block_size: '2' }, [array([1, 2, 3, 4], { shape: [1, 4, 1, 1] })], [[1, 2, 3, 4]]],
  ['space_to_depth collects them', 'space_to_depth', { block_size: '2' }, [array([1, 2, 3, 4, 5, 6, 7, 8], { shape: [1, 1, 2, 4] })], [[1, 3, 2, 4, 5, 7, 6, 8]]],
  ['Cast to whole numbers drops the fraction', 'Cast', { dtype: 'int32' }, [array([1.75, -1.75])], [[1, -1]]],
  ['logical functions tell 0 from the rest', 'broadcast_logical_xor', {}, [array([0, 2, 2]), array([3, 3, 0])], [[1, 0, 1]]],
  ['logical_not is 1 at 0', 'logical_not', {}, [array([0, 2])], [[1, 0]]],
  ['an inference dropout changes nothing', 'Dropout', { p: '0.5' }, [array([1, 2])], [[1, 2]]],
];

describe('operators', () => {
  it.each(results)('%s', async (_, name, attributes, inputs, wanted) => {
    expect(await run(name, attributes, inputs)).toEqual(wanted);
  });

  it.each<[string, (x: number) => number, readonly number[]]>([
    ['arctan', Math.atan, [-40, -2.5, -1, -0.3, 0, 0.2, 0.4142, 0.4143, 1, 2.414, 2.415, 1e6]],
    ['arcsin', Math.asin, [-1, -0.9, 0, 0.3, 1]],
    ['arccos', Math.acos, [-1, -0.9, 0, 0.3, 1]],
    ['sinh', Math.sinh, [-2, 0, 1]],
    ['cosh', Math.cosh, [-2, 0, 1]],
    ['arcsinh', Math.asinh, [-200, 0, 0.5]],
    ['arccosh', Math.acosh, [1, 1.5, 20]],
    ['arctanh', Math.atanh, [-0.9, 0, 0.5]],
    ['degrees', (x) => (x * 180) / Math.PI, [1, -2]],
    ['radians', (x) => (x * Math.PI) / 180, [90, -2]],
  ])('%s is what it is in float64, and so is its derivative', async (name, exact, points) => {
    const x = array([...points]);
    const [y] = await findOperator(name).record(call(name, {}, [x]));
    const [slope] = vjp([y!], [x], [ones([points.length])]);
    const [values, slopes] = await Promise.all([y!.data(), slope!.data()]);
    points.forEach((point, i) => {
      expect(values[i]).toBeCloseTo(exact(point), Math.abs(exact(point)) > 10 ? 3 : 5);
      const numeric = (exact(point + 1e-5) - exact(point - 1e-5)) / 2e-5;
      if (Number.isFinite(numeric) && Math.abs(point) !== 1) expect((slopes[i]! - numeric) / Math.max(1, Math.abs(numeric))).toBeCloseTo(0, 3);
    });
  });

  it('drop about p of the elements in training and scale the rest', async () => {
    const [dropped] = await run('Dropout', { p: '0.25' }, [array(new Float32Array(4000).fill(3))], { isTrain: true });
    expect(new Set(dropped)).toEqual(new Set([0, 4]));
    const share = dropped!.filter((value) => value === 0).length / 4000;
    expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
  });

  it('share a dropout mask along the named axes', async () => {
    const [dropped] = await run('Dropout', { p: '0.5', axes: '(1,)' }, [array(new Float32Array(400).fill(1), { shape: [100, 4] })], { isTrain: true });
    for (let row = 0; row < 100; row++) expect(new Set(dropped!.slice(4 * row, 4 * row + 4)).size).toBe(1);
    expect(new Set(dropped)).toEqual(new Set([0, 2]));
  });

  it('have names that are unique, aliases included, and option names that stay apart', () => {
    const names = builtInOperators.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
    expect(listOperators()).toEqual(expect.arrayContaining(names));
    for (const { parameters } of builtInOperators) {
      const options = Object.keys(parameters).map(camelCase);
      expect(new Set(options).size).toBe(options.length);
    }
  });

  it('write each default so that it reads as the same value', () => {
    for (const { parameters } of builtInOperators) {
      for (const parameter of Object.values(parameters)) {
        if (!parameter.required) expect(parameter.parse(parameter.format(parameter.fallback))).toEqual(parameter.fallback);
      }
    }
  });

  it('of batch normalisation commit the average statistics of micro-batches, and nothing without any', async () => {
    const { contribution } = findOperator('BatchNorm');
    const gamma = array([1, 1]);
    const state = [array([0, 0]), array([1, 1])];
    const batches = [array([[1, 2], [3, 6]]), array([[5, 0], [7, 0]])];
    const contributions = batches.map((data) =>
      contribution!.contribute({ ...call('BatchNorm', { momentum: '0.5' }, [data, gamma, gamma], { isTrain: true, auxiliaryStates: state }), outputs: [], outputGradients: [], wanted: [] }),
    );
    const { parameters } = call('BatchNorm', { momentum: '0.5' }, []);
    const total = contributions[0]!.map((one, i) => one.add(contributions[1]![i]!));
    const [mean, variance] = contribution!.commit(state, total, parameters);
    // Means [2, 4] and [6, 0], variances [1, 4] and [1, 0].
    expect([[...(await mean!.data())], [...(await variance!.data())]]).toEqual([[2, 1], [1, 1.5]]);
    expect(contribution!.commit(state, [], parameters)).toEqual(state);
  });
});
