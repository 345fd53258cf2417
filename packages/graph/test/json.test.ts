import { describe, expect, it } from 'vitest';
import { activation, batchNorm, concat, fullyConnected, group, pooling, Symbol, variable } from '../src/index.js';

const net = () => {
  const normal = batchNorm({ data: variable('data'), fixGamma: false, name: 'bn' });
  const pooled = pooling({ data: normal, kernel: [2, 2], stride: [2, 2], poolType: 'max', name: 'pool' });
  return fullyConnected({ data: pooled, numHidden: 3, name: 'fc', attributes: { __lr_mult__: '2' } });
};

const old = {
  nodes: [
    { op: 'null', param: {}, name: 'data', inputs: [], backward_source_id: -1 },
    { op: 'null', param: {}, name: 'bn_gamma', inputs: [], backward_source_id: -1, attr: { lr_mult: '0.1' } },
    { op: 'null', param: {}, name: 'bn_beta', inputs: [], backward_source_id: -1 },
    { op: 'BatchNorm', param: { eps: '0.001', fix_gamma: 'True' }, name: 'bn', inputs: [[0, 0], [1, 0], [2, 0]], backward_source_id: -1, attr: { beta_lr_mult: '3', ctx_group: 'stage1' } },
  ],
  arg_nodes: [0, 1, 2],
  heads: [[3, 0]],
};

describe('symbol JSON', () => {
  it('is laid out as MXNet lays it out', () => {
    const text = activation({ data: variable('x'), actType: 'relu', name: 'a' }).toJSONText();
    expect(text).toBe(
      [
        '{',
        '  "nodes": [',
        '    {',
        '      "op": "null", ',
        '      "name": "x", ',
        '      "inputs": []',
        '    }, ',
        '    {',
        '      "op": "Activation", ',
        '      "name": "a", ',
        '      "attrs": {"act_type": "relu"}, ',
        '      "inputs": [[0, 0, 0]]',
        '    }',
        '  ], ',
        '  "arg_nodes": [0], ',
        '  "node_row_ptr": [0, 1, 2], ',
        '  "heads": [[1, 0, 0]], ',
        '  "attrs": {"mxnet_version": ["int", 10901]}',
        '}',
      ].join('\n'),
    );
  });

  it('is the same text when loaded and written again', () => {
    const symbol = group([net(), net().getInternals().get('pool_output')]);
    const text = symbol.toJSONText();
    expect(Symbol.loadJSON(text).toJSONText()).toBe(text);
    expect(Symbol.loadJSON(symbol.toJSON()).toJSONText()).toBe(text);
    expect(JSON.parse(JSON.stringify(symbol))).toEqual(JSON.parse(text));
  });

  it('counts outputs that MXNet hides and versions of auxiliary states', () => {
    const { nodes, node_row_ptr } = net().toJSON() as { nodes: { name: string; inputs: number[][] }[]; node_row_ptr: number[] };
    const names = nodes.map(({ name }) => name);
    expect(names).toEqual(['data', 'bn_gamma', 'bn_beta', 'bn_moving_mean', 'bn_moving_var', 'bn', 'pool', 'fc_weight', 'fc_bias', 'fc']);
    expect(node_row_ptr).toEqual([0, 1, 2, 3, 4, 5, 8, 10, 11, 12, 13]);
    expect(nodes[5]!.inputs).toEqual([[0, 0, 0], [1, 0, 0], [2, 0, 0], [3, 0, 1], [4, 0, 1]]);
  });

  it('keeps names and attributes with quotes and line ends', () => {
    const symbol = variable('a"\\\n', { attributes: { __note__: 'tab\there', __proto__x__: 'y' } });
    expect(Symbol.loadJSON(symbol.toJSONText()).attrDict()).toEqual(symbol.attrDict());
  });

  it('reads files from before auxiliary states and attrs', () => {
    const symbol = Symbol.loadJSON(old);
    expect(symbol.listArguments()).toEqual(['data', 'bn_gamma', 'bn_beta']);
    expect(symbol.listAuxiliaryStates()).toEqual(['bn_moving_mean', 'bn_moving_var']);
    expect(symbol.attrDict()['bn']).toEqual({ eps: '0.001', fix_gamma: 'True', __ctx_group__: 'stage1', ctx_group: 'stage1' });
    expect(symbol.attrDict()['bn_gamma']).toEqual({ __lr_mult__: '0.1', lr_mult: '0.1' });
    expect(symbol.attrDict()['bn_beta']).toEqual({ __lr_mult__: '3', lr_mult: '3' });
  });

  it('puts lists of more than ten entries on lines of their own', () => {
    const inputs = Array.from({ length: 11 }, (_, i) => variable(`x${i}`));
    const text = concat({ inputs, name: 'c' }).toJSONText();
    expect(text).toContain('"inputs": [\n        [0, 0, 0], \n        [1, 0, 0], \n');
    expect(text).toContain('"arg_nodes": [\n    0, \n    1, \n');
  });

  const variableNode = { op: 'null', name: 'x', inputs: [] };
  const malformed: readonly (readonly [claim: string, json: string | object, message: string])[] = [
    ['text that is no JSON', '{', 'symbol JSON: the text is no JSON'],
    ['a list', '[]', 'symbol JSON: the graph is not an object'],
    ['no nodes', {}, 'symbol JSON: nodes is not a list'],
    ['no heads', { nodes: [variableNode], heads: [] }, 'symbol JSON: heads is empty'],
    ['a head of no node', { nodes: [variableNode], heads: [[1, 0, 0]] }, 'symbol JSON: heads[0] refers to the node 1'],
    ['a head of no output', { nodes: [variableNode], heads: [[0, 1, 0]] }, 'symbol JSON: heads[0] refers to output 1 of x (variable), which has 1'],
    ['a head of a property', { nodes: [variableNode], heads: [[0, 'length', 0]] }, 'symbol JSON: heads[0] refers to output length'],
    ['an input behind its node', { nodes: [{ op: 'Flatten', name: 'f', inputs: [[0, 0]] }], heads: [[0, 0]] }, 'symbol JSON: nodes[0].inputs[0] refers to the node 0'],
    ['an unknown operator', { nodes: [{ op: 'Flaten', name: 'f', inputs: [] }], heads: [[0, 0]] }, 'symbol JSON: nodes[0]: no operator is named Flaten; did you mean Flatten?'],
    ['too few inputs', { nodes: [{ op: 'Flatten', name: 'f', inputs: [] }], heads: [[0, 0]] }, 'symbol JSON: f (Flatten) has 0 inputs, it needs 1: data'],
    ['a variable with inputs', { nodes: [variableNode, { ...variableNode, inputs: [[0, 0]] }], heads: [[0, 0]] }, 'symbol JSON: nodes[1]: the variable x has inputs'],
    ['an attribute that is no text', { nodes: [{ ...variableNode, attrs: { __a__: 1 } }], heads: [[0, 0]] }, 'symbol JSON: nodes[0].attrs.__a__ is not a text'],
    ['an unreadable parameter', { nodes: [variableNode, { op: 'Activation', name: 'a', attrs: { act_type: 'rlu' }, inputs: [[0, 0]] }], heads: [[1, 0]] }, 'a (Activation): act_type: "rlu" is not accepted'],
  ];
  it.each(malformed)('refuses %s and says where', (_, json, message) => {
    expect(() => Symbol.loadJSON(json)).toThrow(message);
  });
});
