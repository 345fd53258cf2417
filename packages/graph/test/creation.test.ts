import { describe, expect, it } from 'vitest';
import {
  activation, concat, convolution, createSymbol, defineOperator, findOperator, fullyConnected, group, int, NameManager, registerOperator, reshape, sliceChannel, variable,
  withAttributes, withNameManager, withPrefix, type Symbol,
} from '../src/index.js';

const data = variable('data');
const fresh = <Result>(build: () => Result): Result => withNameManager(new NameManager(), build);

const refused: readonly (readonly [claim: string, build: () => unknown, message: string])[] = [
  ['an unknown parameter', () => createSymbol('FullyConnected', { inputs: { data }, parameters: { num_hiden: 3 }, name: 'fc1' }), 'fc1 (FullyConnected): there is no parameter num_hiden; did you mean num_hidden? FullyConnected accepts num_hidden, no_bias, flatten'],
  ['a missing parameter', () => createSymbol('FullyConnected', { inputs: { data }, name: 'fc1' }), 'fc1 (FullyConnected): the parameter num_hidden (int >= 1) is required; FullyConnected accepts num_hidden, no_bias, flatten'],
  ['a parameter of another kind', () => createSymbol('FullyConnected', { parameters: { num_hidden: '2.0' }, name: 'fc1' }), 'fc1 (FullyConnected): num_hidden: "2.0" is not accepted; give int >= 1'],
  ['a parameter out of its range', () => fullyConnected({ numHidden: 0, name: 'fc1' }), 'fc1 (FullyConnected): num_hidden: "0" is not accepted; give int >= 1'],
  ['an unknown input', () => createSymbol('FullyConnected', { inputs: { dat: data }, parameters: { num_hidden: 3 }, name: 'fc1' }), 'fc1 (FullyConnected): there is no input dat; did you mean data? Its inputs are data, weight, bias'],
  ['too many inputs', () => createSymbol('Activation', { inputs: [data, data], parameters: { act_type: 'relu' }, name: 'a' }), 'a (Activation): 2 inputs were given, it has 1: data'],
  ['an unknown option', () => fullyConnected({ numHidden: 3, noBais: true } as never), 'there is no option noBais; did you mean noBias? The options are data, weight, bias, numHidden, noBias, flatten, name, attributes'],
  ['an input of several outputs', () => activation({ data: sliceChannel({ data, numOutputs: 2, name: 's' }), actType: 'relu', name: 'a' }), 'a (Activation): the input data has 2 outputs (s_output0, s_output1); choose one with get(…)'],
  ['an input that is no symbol', () => activation({ data: 3 as never, actType: 'relu', name: 'a' }), 'a (Activation): the input data is no Symbol'],
  ['an unknown operator', () => createSymbol('FulyConnected'), 'no operator is named FulyConnected; did you mean FullyConnected?'],
  ['a variable without a name', () => variable(undefined as never), 'variable: a name must be a string, not undefined'],
  ['a bare custom attribute', () => variable('x', { attributes: { foo: 'bar' } }), 'x (variable): custom attributes have the form __key__; write __foo__'],
  ['an attribute that is no text', () => variable('x', { attributes: { __foo__: 1 as never } }), "the attribute __foo__ must be a string, not number; write __foo__: '1'"],
  ['an unknown element type', () => variable('x', { dtype: 'float' }), 'x (variable): there is no element type float; give float32'],
  ['a group of nothing', () => group([]), 'group: there must be at least one symbol'],
  ['a list of no inputs', () => concat({ inputs: [], name: 'c' }), 'c (Concat): inputs is empty'],
  ['a scope that outlives its function', () => withPrefix('p_', async () => data), 'withNameManager: the function must build its symbols before it returns'],
];

describe('creating symbols', () => {
  it.each(refused)('refuses %s', (_, build, message) => {
    expect(build).toThrow(message);
  });

  it('makes a variable of every input that is not given', () => {
    expect(fullyConnected({ numHidden: 2, name: 'f' }).listArguments()).toEqual(['f_data', 'f_weight', 'f_bias']);
    expect(createSymbol('Concat', { parameters: { num_args: 2 }, name: 'cc' }).listArguments()).toEqual(['cc_arg0', 'cc_arg1']);
  });

  it('counts unnamed operators by hint, and named ones not at all', () => {
    const names = fresh(() => [
      fullyConnected({ data, numHidden: 1 }),
      fullyConnected({ data, numHidden: 1, name: 'mine' }),
      fullyConnected({ data, numHidden: 1 }),
      createSymbol('ElementWiseSum', { inputs: [data, data] }),
      createSymbol('add_n', { inputs: [data, data] }),
    ].map((symbol) => symbol.name));
    expect(names).toEqual(['fullyconnected0', 'mine', 'fullyconnected1', 'elementwisesum0', 'add_n0']);
  });

  it('prefixes chosen and automatic names, and not those of variables', () => {
    const symbol = withPrefix('p_', () => fullyConnected({ data: activation({ data: variable('x'), actType: 'relu' }), numHidden: 1, name: 'f' }));
    expect(symbol.listArguments()).toEqual(['x', 'p_f_weight', 'p_f_bias']);
    expect(symbol.getInternals().listOutputs()).toContain('p_activation0_output');
  });

  it('returns to the names and attributes outside when the build throws', () => {
    const failing = () => {
      throw new Error('inside');
    };
    expect(() => withPrefix('p_', failing)).toThrow('inside');
    expect(() => withAttributes({ __lr_mult__: '2' }, failing)).toThrow('inside');
    expect(activation({ data, actType: 'relu', name: 'a' }).name).toBe('a');
    expect(variable('x').listAttr()).toEqual({});
  });

  it('lets inner attribute scopes and own attributes win', () => {
    const inner = withAttributes({ __lr_mult__: '2', ctx_group: 'a' }, () =>
      withAttributes({ __lr_mult__: '3' }, () => [variable('x'), variable('y', { lrMult: 4 })]),
    );
    expect(inner.map((symbol) => symbol.listAttr())).toEqual([
      { __lr_mult__: '3', lr_mult: '3', __ctx_group__: 'a', ctx_group: 'a' },
      { __lr_mult__: '4', lr_mult: '4', __ctx_group__: 'a', ctx_group: 'a' },
    ]);
  });

  it('hands attributes down to the variables it makes', () => {
    const symbol = convolution({ data, kernel: [3, 3], numFilter: 4, pad: [1, 1], name: 'c', attributes: { __wd_mult__: '0' } });
    expect(symbol.attrDict()['c_weight']).toEqual({ kernel: '(3, 3)', num_filter: '4', pad: '(1, 1)', __wd_mult__: '0', wd_mult: '0' });
  });

  it('writes values as MXNet writes them', () => {
    const symbol = reshape({ data, shape: [-1, 0], reverse: true, name: 'r' });
    expect(symbol.listAttr()).toEqual({ shape: '(-1, 0)', reverse: 'True' });
  });

  it('makes registered operators known by name, alias and hint, and keeps names unique', () => {
    const operator = defineOperator({ name: 'TestTwice', aliases: ['test_double'], parameters: { times: int('How often.', { fallback: 2 }) }, inputs: () => ['data'], record: ({ inputs: [x] }) => [x!.mul(2)] });
    expect(registerOperator(operator)).toBe(operator);
    registerOperator(operator);
    expect(findOperator('test_double')).toBe(operator);
    expect(fresh(() => createSymbol('test_double', { inputs: [data] }).listOutputs())).toEqual(['test_double0_output']);
    expect(() => registerOperator({ ...operator })).toThrow('an operator named TestTwice exists already');
    expect(() => registerOperator({ ...operator, name: 'Convolution', aliases: [] })).toThrow('an operator named Convolution exists already');
  });
});

const arithmetic: readonly (readonly [name: string, operator: string, scalar: string | undefined, build: (a: Symbol, b: Symbol) => Symbol])[] = [
  ['_plus0', 'elemwise_add', undefined, (a, b) => a.add(b)],
  ['_plusscalar0', '_plus_scalar', '1', (a) => a.add(1)],
  ['_minus0', 'elemwise_sub', undefined, (a, b) => a.sub(b)],
  ['_minusscalar0', '_minus_scalar', '4.5', (a) => a.sub(4.5)],
  ['_rminusscalar0', '_rminus_scalar', '1', (a) => a.rsub(1)],
  ['_mul0', 'elemwise_mul', undefined, (a, b) => a.mul(b)],
  ['_mulscalar0', '_mul_scalar', '2', (a) => a.mul(2)],
  ['_mulscalar0', '_mul_scalar', '-1.0', (a) => a.neg()],
  ['_div0', 'elemwise_div', undefined, (a, b) => a.div(b)],
  ['_divscalar0', '_div_scalar', '1e-05', (a) => a.div(1e-5)],
  ['_rdivscalar0', '_rdiv_scalar', '2', (a) => a.rdiv(2)],
  ['_mod0', '_mod', undefined, (a, b) => a.mod(b)],
  ['_modscalar0', '_mod_scalar', '3', (a) => a.mod(3)],
  ['_rmodscalar0', '_rmod_scalar', '3', (a) => a.rmod(3)],
  ['_power0', '_power', undefined, (a, b) => a.pow(b)],
  ['_powerscalar0', '_power_scalar', '2', (a) => a.pow(2)],
  ['_rpowerscalar0', '_rpower_scalar', '2', (a) => a.rpow(2)],
  ['_maximum0', '_maximum', undefined, (a, b) => a.maximum(b)],
  ['_maximumscalar0', '_maximum_scalar', '0', (a) => a.maximum(0)],
  ['_minimum0', '_minimum', undefined, (a, b) => a.minimum(b)],
  ['_minimumscalar0', '_minimum_scalar', '0', (a) => a.minimum(0)],
  ['_equal0', '_equal', undefined, (a, b) => a.equal(b)],
  ['_equal_scalar0', '_equal_scalar', '1', (a) => a.equal(1)],
  ['_not_equal0', '_not_equal', undefined, (a, b) => a.notEqual(b)],
  ['_greater_scalar0', '_greater_scalar', '1', (a) => a.greater(1)],
  ['_greater_equal0', '_greater_equal', undefined, (a, b) => a.greaterEqual(b)],
  ['_lesser0', '_lesser', undefined, (a, b) => a.less(b)],
  ['_lesser_equal_scalar0', '_lesser_equal_scalar', '0', (a) => a.lessEqual(0)],
];

describe('arithmetic on symbols', () => {
  it.each(arithmetic)('names its node %s and makes it a %s of %s', (name, operator, scalar, build) => {
    const symbol = fresh(() => build(variable('a'), variable('b')));
    const [{ node }] = symbol.outputs as unknown as readonly [Symbol['outputs'][number]];
    expect([node.name, node.operator?.name, node.attributes['scalar']]).toEqual([name, operator, scalar]);
    expect(symbol.listArguments()).toEqual(scalar === undefined ? ['a', 'b'] : ['a']);
  });

  it('refuses operands of several outputs', () => {
    expect(() => group([data, data]).add(1)).toThrow('an operand has 2 outputs (data, data); choose one with get(…)');
  });
});
