import { readFileSync } from 'node:fs';
import { array, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { createSymbol, exportOnnx, importOnnx, lookUpOperator, NameManager, simpleBind, variable, withNameManager, type Symbol } from '../src/index.js';

interface RecordedArray {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly op: string;
  readonly attrs: { readonly [name: string]: unknown };
  readonly inputOrder: readonly string[];
  readonly aux_before?: { readonly [name: string]: RecordedArray };
  readonly inputs: { readonly [name: string]: RecordedArray };
}

const recorded = JSON.parse(readFileSync(new URL('../../testing/oracle/operators.json', import.meta.url), 'utf8')) as { readonly cases: readonly Case[] };
const operatorOf = ({ op }: Case): string => op.replace('_internal.', '');
const cases = recorded.cases.filter((each) => each.kind === 'op' && lookUpOperator(operatorOf(each)));

const decoded = ({ shape, data }: RecordedArray): NDArray => array(Float32Array.from(data, Number), { shape });

function inputsOf(each: Case): Symbol[] | { readonly [argument: string]: Symbol } {
  const variables = each.inputOrder.map((name) => [name, variable(name)] as const);
  // Where inputs are counted, their names are the caller's.
  return lookUpOperator(operatorOf(each))!.countParameter ? variables.map(([, symbol]) => symbol) : Object.fromEntries(variables);
}

function symbolOf(each: Case): Symbol {
  return withNameManager(new NameManager(), () =>
    createSymbol(operatorOf(each), { inputs: inputsOf(each), parameters: each.attrs, name: 'op' }));
}

async function outputsOf(symbol: Symbol, feeds: { readonly [name: string]: NDArray }, states: { readonly [name: string]: NDArray } = {}): Promise<number[][]> {
  const known = symbol.listArguments();
  const shapes = Object.fromEntries(Object.entries(feeds).filter(([name]) => known.includes(name)).map(([name, { shape }]) => [name, shape]));
  const executor = simpleBind(symbol, { shapes, gradReq: 'null', checkInputs: 'none' });
  executor.copyParamsFrom(feeds, states, { allowExtra: true });
  await executor.forward();
  return Promise.all(executor.outputs.map(async (output) => [...(await output.data())]));
}

describe('an operator that is exported and read back gives the same', () => {
  it.each(cases.map((each) => [each.name, each] as const))('%s', async (_, each) => {
    const symbol = symbolOf(each);
    const inputs = Object.fromEntries(Object.entries(each.inputs).map(([name, item]) => [name, decoded(item)]));
    const states = Object.fromEntries(Object.entries(each.aux_before ?? {}).map(([name, item]) => [name, decoded(item)]));
    const shapes = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
    const file = await exportOnnx(symbol, { shapes });
    const read = importOnnx(file);
    const [back, own] = [await outputsOf(read.symbol, { ...read.args, ...inputs, ...states }, read.auxiliaryStates), await outputsOf(symbol, inputs, states)];
    expect(back.length).toBe(own.length);
    own.forEach((values, i) => values.forEach((value, k) => expect(back[i]![k]).toBeCloseTo(value, 4)));
  });
});
