import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  activation, batchNorm, broadcastAdd, concat, convolution, dot, embedding, flatten, fullyConnected, group, pooling, reshape, sliceChannel, transpose, variable,
  type Symbol,
} from '../src/index.js';

type Shapes = { readonly [name: string]: readonly number[] };

interface Row {
  readonly claim: string;
  readonly build: () => Symbol;
  readonly given: Shapes;
  readonly known: Shapes;
}

const [a, b, data] = [variable('a'), variable('b'), variable('data')];

const rows: readonly Row[] = [
  {
    claim: 'flows from data through layers to every weight',
    build: () => fullyConnected({ data: pooling({ data: convolution({ data, kernel: [3, 3], numFilter: 4, name: 'c' }), kernel: [2, 2], stride: [2, 2], name: 'p' }), numHidden: 5, name: 'f' }),
    given: { data: [2, 3, 8, 8] },
    known: { data: [2, 3, 8, 8], c_weight: [4, 3, 3, 3], c_bias: [4], f_weight: [5, 36], f_bias: [5], f_output: [2, 5] },
  },
  {
    claim: 'reaches auxiliary states',
    build: () => batchNorm({ data, name: 'bn' }),
    given: { data: [4, 7, 2] },
    known: { bn_gamma: [7], bn_beta: [7], bn_moving_mean: [7], bn_moving_var: [7], bn_output: [4, 7, 2] },
  },
  { claim: 'gives one operand of a sum from the other', build: () => a.add(b), given: { a: [2, 3] }, known: { b: [2, 3], _plus_output: [2, 3] } },
  { claim: 'unifies dimensions that each operand knows', build: () => a.add(b), given: { a: [0, 3], b: [2, 0] }, known: { a: [2, 3], b: [2, 3] } },
  {
    claim: 'goes backwards through elementwise layers',
    build: () => group([activation({ data: a, actType: 'relu', name: 'r' }).add(b)]),
    given: { b: [4, 5] },
    known: { a: [4, 5] },
  },
  {
    claim: 'completes the other dimensions of what is concatenated',
    build: () => concat({ inputs: [a, b], dim: 1, name: 'c' }).add(data),
    given: { a: [2, 3, 4], data: [2, 8, 4] },
    known: { b: [2, 5, 4] },
  },
  { claim: 'takes the dimension of 0 as unknown', build: () => fullyConnected({ data, numHidden: 4, name: 'f' }), given: { data: [0, 7] }, known: { f_weight: [4, 7], f_output: [0, 4] } },
  { claim: 'gives data of rows from a weight and an output', build: () => fullyConnected({ data, numHidden: 4, name: 'f' }).add(a), given: { data: [0, 0], f_weight: [4, 7], a: [3, 4] }, known: { data: [3, 7] } },
  {
    claim: 'leaves open what depends on an unknown batch, and that alone',
    build: () => flatten({ data: convolution({ data, kernel: [3, 3], numFilter: 4, name: 'c' }), name: 'fl' }),
    given: { data: [0, 3, 8, 8] },
    known: { c_weight: [4, 3, 3, 3], fl_output: [0, 144] },
  },
  { claim: 'keeps an unknown batch through a reshape of rows', build: () => reshape({ data, shape: [-1, 4], name: 'r' }), given: { data: [0, 2, 4] }, known: { r_output: [0, 4] } },
  { claim: 'uses the shape a variable was declared with', build: () => variable('v', { shape: [2, 0] }).add(b), given: { v: [0, 3] }, known: { v: [2, 3], b: [2, 3] } },
  { claim: 'turns a transposed output back', build: () => transpose({ data, axes: [1, 2, 0], name: 't' }).add(a), given: { a: [5, 6, 7] }, known: { data: [7, 5, 6] } },
  { claim: 'gives a weight without any data', build: () => embedding({ data, inputDim: 9, outputDim: 2, name: 'e' }), given: {}, known: { e_weight: [9, 2] } },
  { claim: 'gives variables of one name one shape', build: () => variable('q').add(variable('q')), given: { q: [3] }, known: { q: [3] } },
  { claim: 'broadcasts where the operator does', build: () => broadcastAdd({ lhs: a, rhs: b, name: 'x' }), given: { a: [2, 3], b: [3] }, known: { x_output: [2, 3] } },
];

const namesOf = (symbol: Symbol) => [...symbol.listArguments(), ...symbol.listOutputs(), ...symbol.listAuxiliaryStates()].map((name) => name.replace(/\d+(?=_output$)/, ''));

const refused: readonly (readonly [claim: string, build: () => Symbol, given: Shapes, message: string])[] = [
  [
    'a weight that does not fit the data',
    () => fullyConnected({ data, numHidden: 10, name: 'fc1' }),
    { data: [32, 50], fc1_weight: [10, 64] },
    'fc1 (FullyConnected): weight has shape [10,64], data [32,50] needs [10,50]; give fc1_weight that shape',
  ],
  ['operands of different shapes', () => a.add(b), { a: [3, 5], b: [3, 4] }, 'rhs has shape [3,4], lhs [3,5] needs [3,5]; give b that shape'],
  ['an output that its use contradicts', () => group([dot({ lhs: a, rhs: b, name: 'd' }).add(data), a.add(variable('w'))]), { w: [2, 3], b: [3, 4], data: [2, 5] }, 'd (dot): d_output has shape [2,4] by its inputs (lhs [2,3], rhs [3,4]), what uses it needs [2,5]'],
  ['a division with a remainder', () => sliceChannel({ data, numOutputs: 2, name: 's' }), { data: [2, 3] }, 's (SliceChannel): axis 1 of data [2,3] has length 3; it must be a multiple of num_outputs, 2'],
  ['groups that do not divide the channels', () => convolution({ data, kernel: [1], numFilter: 4, numGroup: 2, name: 'c' }), { data: [1, 3, 5] }, 'c (Convolution): data [1,3,5] has 3 channels, num_group 2 must divide them'],
  ['data with too few axes', () => convolution({ data, kernel: [3, 3], numFilter: 4, name: 'c' }), { data: [1, 3, 3] }, 'c (Convolution): data [1,3,3] needs 4 axes for kernel [3,3]'],
  ['a reshape to another size', () => reshape({ data, shape: [5], name: 'r' }), { data: [2, 3] }, 'r (Reshape): shape [5] makes [5] of data [2,3], which has another number of elements'],
  ['an unknown name', () => fullyConnected({ data, numHidden: 1, name: 'f' }), { daat: [1, 2] }, 'inferShape: there is no argument daat; did you mean data? The arguments are data, f_weight, f_bias'],
  ['a shape against the declared one', () => variable('v', { shape: [2, 3] }).add(1), { v: [2, 4] }, 'v (variable): it was declared with shape [2,3], [2,4] is given'],
  ['an unsupported pooling', () => pooling({ data, kernel: [2], poolType: 'avg', poolingConvention: 'same', name: 'p' }), { data: [1, 1, 4] }, 'p (Pooling): pooling_convention same is for the maximum over one spatial axis, not for avg over 1; use valid or full'],
];

describe('shape inference', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each(rows)('$claim', ({ build, given, known }) => {
    const symbol = build();
    const { arguments: args, outputs, auxiliaryStates } = symbol.inferShapePartial(given);
    const found = Object.fromEntries(namesOf(symbol).map((name, position) => [name, [...args, ...outputs, ...auxiliaryStates][position]]));
    expect(found).toMatchObject(known);
  });

  it.each(refused)('refuses %s and says the way out', (_, build, given, message) => {
    expect(() => build().inferShapePartial(given)).toThrow(message);
  });

  it('takes shapes in the order of the arguments', () => {
    expect(a.add(b).inferShape([[2, 3]])?.outputs).toEqual([[2, 3]]);
    expect(() => a.inferShape([[1], [2]])).toThrow('inferShape: 2 shapes are given for 1 arguments: a');
  });

  it('gives nothing and warns of what is undetermined', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const symbol = fullyConnected({ data: a, numHidden: 2, name: 'f' });
    expect(symbol.inferShape()).toBeUndefined();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('do not determine a, f_weight, f_output'));
    expect(symbol.inferShapePartial()).toMatchObject({ arguments: [[], [2, 0], [2]], outputs: [[0, 2]], undetermined: ['a', 'f_weight', 'f_output'] });
  });
});
