import { describe, expect, it } from 'vitest';
import { activation, batchNorm, fullyConnected, group, sliceChannel, variable, type Symbol } from '../src/index.js';

const net = () => {
  const hidden = activation({ data: fullyConnected({ data: variable('data'), numHidden: 4, name: 'fc1' }), actType: 'relu', name: 'relu1' });
  return fullyConnected({ data: hidden, numHidden: 3, name: 'fc2' });
};

describe('a symbol', () => {
  it('lists arguments depth first and each variable once', () => {
    const x = variable('x');
    expect(x.mul(x).add(x.mul(variable('y'))).listArguments()).toEqual(['x', 'y']);
    expect(variable('q').add(variable('q')).listArguments()).toEqual(['q', 'q']);
  });

  it('keeps auxiliary states apart from arguments and lists both as inputs in order', () => {
    const symbol = batchNorm({ data: variable('data'), name: 'bn' });
    expect(symbol.listArguments()).toEqual(['data', 'bn_gamma', 'bn_beta']);
    expect(symbol.listAuxiliaryStates()).toEqual(['bn_moving_mean', 'bn_moving_var']);
    expect(symbol.listInputs()).toEqual(['data', 'bn_gamma', 'bn_beta', 'bn_moving_mean', 'bn_moving_var']);
  });

  it('survives a graph deeper than the call stack', () => {
    let symbol: Symbol = variable('x');
    for (let depth = 0; depth < 20000; depth++) symbol = symbol.add(1);
    expect(symbol.listArguments()).toEqual(['x']);
  });

  it('gives single outputs by position, by name and in turn', () => {
    const parts = sliceChannel({ data: variable('data'), numOutputs: 3, name: 'sc' });
    expect(parts.length).toBe(3);
    expect(parts.get(1).listOutputs()).toEqual(['sc_output1']);
    expect(parts.get('sc_output2').listOutputs()).toEqual(['sc_output2']);
    expect([...parts].map((part) => part.listOutputs()[0])).toEqual(['sc_output0', 'sc_output1', 'sc_output2']);
  });

  it('finds no output by a node name, another name, or a name that two outputs have', () => {
    expect(() => net().get('fc2')).toThrow('get: no output is named fc2; the outputs are fc2_output');
    expect(() => net().get(1)).toThrow('get: there is no output 1; the symbol has 1 outputs, 0..0');
    expect(() => net().get(-1)).toThrow('get: there is no output -1');
    const x = variable('x');
    expect(() => group([x, x]).get('x')).toThrow('get: several outputs are named x; choose one by its position');
  });

  it('flattens groups, which have no name', () => {
    const [a, b, c] = [variable('a'), variable('b'), variable('c')];
    const nested = group([group([a, b]), c]);
    expect(nested.listOutputs()).toEqual(['a', 'b', 'c']);
    expect(nested.name).toBeNull();
    expect(nested.listAttr()).toEqual({});
    expect(net().name).toBe('fc2');
  });

  it('is cut at any inner output', () => {
    const features = net().getInternals().get('relu1_output');
    expect(features.listArguments()).toEqual(['data', 'fc1_weight', 'fc1_bias']);
  });

  it('gives the inputs of its head as children, and none for a variable', () => {
    expect(net().getChildren()?.listOutputs()).toEqual(['relu1_output', 'fc2_weight', 'fc2_bias']);
    expect(variable('x').getChildren()).toBeNull();
  });

  it('reads lr_mult and __lr_mult__ alike', () => {
    const x = variable('x', { lrMult: 0.5, shape: [2, 0], init: ['xavier', { magnitude: 3, rnd_type: 'uniform' }] });
    expect([x.attr('lr_mult'), x.attr('__lr_mult__'), x.attr('wd_mult')]).toEqual(['0.5', '0.5', undefined]);
    expect(x.attr('__shape__')).toBe('(2, 0)');
    expect(x.attr('__init__')).toBe('["xavier", {"magnitude": 3, "rnd_type": "uniform"}]');
    expect(x.attr('constructor')).toBeUndefined();
  });

  it('infers float32 unless another type is given or declared', () => {
    const symbol = fullyConnected({ data: variable('data', { dtype: 'uint8' }), numHidden: 2, name: 'fc' });
    expect(symbol.inferType({ fc_bias: 'int32' })).toEqual({ arguments: ['uint8', 'float32', 'int32'], outputs: ['float32'], auxiliaryStates: [] });
    expect(() => symbol.inferType({ fc_bais: 'int32' })).toThrow('there is no argument fc_bais; did you mean fc_bias?');
  });
});

describe('composing', () => {
  const head = () => fullyConnected({ data: variable('features'), numHidden: 3, name: 'head' });

  it('replaces an argument by a symbol, renames the head, and leaves the original alone', () => {
    const original = head();
    const composed = original.compose({ features: net() }, { name: 'joined' });
    expect(composed.listArguments()).toEqual(['data', 'fc1_weight', 'fc1_bias', 'fc2_weight', 'fc2_bias', 'head_weight', 'head_bias']);
    expect(composed.listOutputs()).toEqual(['joined_output']);
    expect(original.listArguments()).toEqual(['features', 'head_weight', 'head_bias']);
    expect(original.name).toBe('head');
  });

  it('shares what no replaced argument reaches', () => {
    const original = head();
    const composed = original.compose({ features: net() });
    expect(composed.outputs[0]!.node.inputs[1]!.node).toBe(original.outputs[0]!.node.inputs[1]!.node);
  });

  it('replaces every variable of the name', () => {
    expect(variable('q').add(variable('q')).compose({ q: variable('z') }).listArguments()).toEqual(['z']);
  });

  it('refuses names that are no arguments, symbols of several outputs, and a name for several heads', () => {
    expect(() => head().compose({ feature: net() })).toThrow('compose: there is no argument feature; did you mean features? The arguments are features, head_weight, head_bias');
    expect(() => batchNorm({ name: 'bn' }).compose({ bn_moving_mean: net() })).toThrow('compose: there is no argument bn_moving_mean');
    expect(() => head().compose({ features: group([net(), net()]) })).toThrow('compose: features is replaced by 2 outputs');
    expect(() => group([head(), net()]).compose({ features: net() }, { name: 'x' })).toThrow('compose: a name can be given to one head node, this symbol has 2');
  });
});
