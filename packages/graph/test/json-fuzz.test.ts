import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activation, batchNorm, concat, convolution, fullyConnected, group, NameManager, pooling, sliceChannel, Symbol, variable, withNameManager } from '../src/index.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const seed = 20_260_101;

/** A graph with most that files hold: several outputs, auxiliary states, attributes of all kinds. */
const text = withNameManager(new NameManager(), () => {
  const data = variable('data', { shape: [2, 3, 8, 8] });
  const conv = batchNorm({ data: convolution({ data, numFilter: 4, kernel: [3, 3], name: 'conv' }), name: 'bn' });
  const [left, right] = [...sliceChannel({ data: activation({ data: conv, actType: 'relu', name: 'act' }), numOutputs: 2, name: 'slice' })];
  const joined = concat({ inputs: [left!, pooling({ data: right!, kernel: [1, 1], name: 'pool' })], name: 'join' });
  return group([fullyConnected({ data: joined, numHidden: 3, name: 'fc', attributes: { __lr_mult__: '2' } }), left!]).toJSONText();
});

/** Either a symbol that can be listed and written again, or one error of the reader's own. */
function readsOrRefuses(json: string | object): void {
  let symbol: Symbol;
  try {
    symbol = Symbol.loadJSON(json);
  } catch (error) {
    if (!(error instanceof RangeError) || error.message.length < 20 || error.message.length > 4000) throw error;
    return;
  }
  symbol.listInputs();
  symbol.listOutputs();
  Symbol.loadJSON(symbol.toJSONText());
}

const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null, true, '', '__proto__', 'constructor', -1, 0, 1, 2, 1e9, 4294967296, 0.5, -0, [], {}, '()', '(3', '(1000000000, 1000000000)', '-1', '1e9', '2147483647', 'NaN', 'None', 'True',
    'null', 'FullyConnected', 'Concat', 'SliceChannel', 'Reshape', 'Custom', 'BatchNorm', '((((', '\u0000', '9'.repeat(400),
  ),
  fc.jsonValue() as fc.Arbitrary<Json>,
);

const positionCount = 400;

/** The graph with some of its members replaced, left out, or exchanged. */
const changed = fc.array(fc.record({ at: fc.nat(positionCount), to: odd, kind: fc.constantFrom('replace', 'remove', 'duplicate', 'rename') }), { minLength: 1, maxLength: 4 }).map((changes) => {
  const graph = JSON.parse(text) as Json;
  for (const { at, to, kind } of changes) change(graph, at, to, kind);
  return JSON.parse(JSON.stringify(graph)) as object;
});

function change(graph: Json, at: number, to: Json, kind: string): void {
  const places: [Json[] | { [key: string]: Json }, string | number][] = [];
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    for (const key of keys) {
      places.push([value, key]);
      visit((value as { [key: string]: Json })[key as string]!);
    }
  };
  visit(graph);
  if (places.length === 0) return;
  const [holder, key] = places[at % places.length]!;
  const members = holder as { [key: string]: Json };
  if (kind === 'replace') members[key as string] = to;
  else if (kind === 'remove' && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (kind === 'duplicate' && Array.isArray(holder)) holder.push(holder[Number(key)]!);
  else if (kind === 'rename' && !Array.isArray(holder) && typeof to === 'string') Object.defineProperty(members, to, { value: members[key as string], enumerable: true, configurable: true, writable: true });
  else delete members[key as string];
}

/** The text with bytes changed, cut off or repeated. */
const damaged = fc.tuple(fc.nat(text.length), fc.nat(60), fc.string({ maxLength: 12 })).map(([at, length, inserted]) => text.slice(0, at) + inserted + text.slice(at + length));

describe('a damaged symbol file is read or refused with one clear error', () => {
  it.each<[string, fc.Arbitrary<string | object>, number]>([
    ['members replaced, left out or exchanged', changed, 8000],
    ['text cut or overwritten', damaged, 9000],
    ['any JSON at all', fc.jsonValue().map((value) => JSON.stringify(value)), 2000],
    ['any text at all', fc.string({ maxLength: 200 }), 1500],
  ])('%s', (_, inputs, numRuns) => {
    fc.assert(fc.property(inputs, (json) => readsOrRefuses(json)), { seed, numRuns });
  }, 60_000);
});

describe('what is wrong with a symbol file is named', () => {
  const graph = (nodes: object[], heads: unknown = [[nodes.length - 1, 0, 0]]) => ({ nodes, arg_nodes: [], heads });
  const data = { op: 'null', name: 'data', inputs: [] };
  const layer = (more: object) => ({ op: 'FullyConnected', name: 'fc', attrs: { num_hidden: '2', no_bias: 'True' }, inputs: [[0, 0, 0], [1, 0, 0]], ...more });
  const weight = { op: 'null', name: 'fc_weight', inputs: [] };
  it.each<[string, object, RegExp]>([
    ['a node that refers to itself', graph([data, weight, layer({ inputs: [[0, 0, 0], [2, 0, 0]] })]), /nodes\[2\]\.inputs\[1\] refers to the node 2, of which there is none before it/],
    ['a cycle', graph([data, layer({ inputs: [[0, 0, 0], [2, 0, 0]] }), layer({ inputs: [[1, 0, 0], [0, 0, 0]] })]), /nodes\[1\]\.inputs\[1\]/],
    ['an unknown operator', graph([data, weight, layer({ op: 'FullyConected' })]), /nodes\[2\]: no operator is named FullyConected.*FullyConnected/],
    ['no heads', graph([data], []), /heads is empty/],
    ['heads left out', { nodes: [data] }, /heads is not a list/],
    ['a head that is no node', graph([data], [[7, 0, 0]]), /heads\[0\] refers to the node 7/],
    ['a wrong attribute value', graph([data, weight, layer({ attrs: { num_hidden: 'ten' } })]), /fc \(FullyConnected\): num_hidden.*"ten" is not accepted; give int >= 1/],
    ['an attribute that is no text', graph([data, weight, layer({ attrs: { num_hidden: 2 } })]), /nodes\[2\]\.attrs\.num_hidden is not a text/],
    ['a missing attribute', graph([data, weight, layer({ attrs: {} })]), /fc \(FullyConnected\): the parameter num_hidden .* is required/],
    ['too few inputs', graph([data, weight, layer({ inputs: [[0, 0, 0]] })]), /fc \(FullyConnected\) has 1 inputs, it needs 2: data, weight/],
    ['a count of inputs beyond all bounds', graph([data, { op: 'Concat', name: 'join', attrs: { num_args: '2000000000' }, inputs: [[0, 0, 0]] }]), /join \(Concat\): num_args/],
    ['a count of outputs beyond all bounds', graph([data, { op: 'SliceChannel', name: 'cut', attrs: { num_outputs: '2000000000' }, inputs: [[0, 0, 0]] }]), /cut \(SliceChannel\): num_outputs/],
  ])('%s', (_, json, message) => {
    expect(() => Symbol.loadJSON(json)).toThrow(message);
  });
});
