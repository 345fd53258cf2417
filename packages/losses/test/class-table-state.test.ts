import { array, ones, read, scalar, vjp, zeros, type NDArray } from '@lossworks/ndarray';
import { bind, variable, type Symbol } from '@lossworks/graph';
import { centerInfos, difference, trainedTableInfos, type LossInfo } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import * as losses from '../src/index.js';
import { classTable, type ClassTableName } from '../src/index.js';
import { arraysOf } from './loss-samples.js';
import { runSymbol } from './run-symbol.js';

const sampleOf = ([name, info]: [string, LossInfo]) => [name as ClassTableName, Object.values(info.samples)[0]!] as const;
const centers = Object.entries(centerInfos as { readonly [name: string]: LossInfo }).map(sampleOf);
const trained = Object.entries(trainedTableInfos as { readonly [name: string]: LossInfo }).map(sampleOf);
const numbers = async (x: NDArray): Promise<number[]> => [...(await x.data())];

describe('one interface holds every table, over arrays and symbols alike', () => {
  const both = [...centers.flatMap(([name, sample]) => (['follow', 'gradient'] as const).map((update) => [name, update, sample] as const)), ...trained.map(([name, sample]) => [name, 'gradient', sample] as const)];

  test('the whole family', () => {
    expect(both.map(([name]) => name).filter((name, i, names) => names.indexOf(name) === i)).toEqual(Object.keys({ ...losses.centerTables, ...losses.trainedTableLosses }));
  });

  test.each(both)('%s (%s): a symbol of the state, bound to its table, gives the same and moves it the same', async (name, update, { inputs, options: { numClass: _, ...options } = {} }) => {
    const isCenter = name in losses.centerTables;
    const make = () => classTable(name, { ...options, ...(isCenter && { centerUpdate: update }), numClass: 4, dimensions: 3 });
    const [ofArrays, ofSymbols] = [make(), make()];
    if (isCenter) for (const { table } of [ofArrays, ofSymbols]) table.assign(array([...inputs['center']!.data], { shape: [4, 3] }));
    expect(ofSymbols.update).toBe(update);

    const { data, label } = arraysOf(inputs) as { data: NDArray; label: NDArray };
    const loss = ofArrays.loss({ data, label });
    const [value, gradient, ofTable] = await read([loss, ...vjp([loss], [data, ofArrays.table], [ones([1])])]);
    ofArrays.follow({ data, label });
    ofArrays.commit();

    const symbol = ofSymbols.loss({ data: variable('data'), ...(label && { label: variable('label') }), name: 'loss' });
    const table = { [`loss_${ofSymbols.input}`]: ofSymbols.table };
    const executor = bind(symbol, {
      args: { data, ...(label && { label }), ...(update === 'gradient' && table) }, auxiliaryStates: update === 'follow' ? table : {},
      gradients: { data: zeros(data.shape), ...(update === 'gradient' && { [`loss_${ofSymbols.input}`]: zeros(ofSymbols.table.shape) }) },
    });
    await executor.forward({ isTrain: true });
    await executor.backward([ones([1])]);
    expect(difference('value', await numbers(executor.outputs[0]!), value!)).toBeUndefined();
    expect(difference('gradient', await numbers(executor.gradDict['data']!), gradient!)).toBeUndefined();
    if (update === 'gradient') expect(difference('gradient of the table', await numbers(executor.gradDict[`loss_${ofSymbols.input}`]!), ofTable!)).toBeUndefined();
    expect(difference('table', await numbers(ofSymbols.table), await numbers(ofArrays.table))).toBeUndefined();
  });
});

describe('a table over arrays does what that of a symbol does', () => {
  test.each(centers)('%s: value, gradient, and centers, by parts of the batch and with padding', async (name, { inputs, options }) => {
    const { center, ...others } = inputs;
    const create = (losses as unknown as { readonly [name: string]: (options: object) => Symbol })[name]!;
    const symbol = create({ data: variable('data'), label: variable('label'), ...options, normalization: 'batch', name: 'loss' });
    const run = await runSymbol(symbol, others, { states: { loss_center: center! }, heads: [ones([1])] });

    const { data, label } = arraysOf(others) as { data: NDArray; label: NDArray };
    const state = classTable(name, { ...options, numClass: 4, dimensions: 3 });
    state.table.assign(array([...center!.data], { shape: center!.shape }));
    const loss = state.loss({ data, label });
    const [value, gradient, ofTable] = await read([loss, ...vjp([loss], [data, state.table], [ones([1])])]);
    expect(difference('value', value!, run.outputs[0]!)).toBeUndefined();
    expect(difference('gradient', gradient!, run.gradients['data']!)).toBeUndefined();
    expect([...ofTable!].every((each) => each === 0)).toBe(true);

    const rows = (from: number, to: number) => ({ data: array(others['data']!.data.slice(from * 3, to * 3), { shape: [to - from, 3] }), label: array(others['label']!.data.slice(from, to)) });
    state.follow(rows(0, 2));
    // Of the last four rows, two are padding here, and come again.
    state.follow({ ...rows(2, 6), validRows: scalar(2) });
    state.follow(rows(4, 6));
    state.commit();
    state.commit();
    expect(difference('centers', await numbers(state.table), run.states['loss_center']!)).toBeUndefined();
  });

  test.each(trained)('%s: the loss function of its table, which gets the derivative', async (name, { inputs, options: { numClass: _, ...options } = {} }) => {
    const { data, label } = arraysOf(inputs) as { data: NDArray; label: NDArray };
    const state = classTable(name, { ...options, numClass: 4, dimensions: 3 });
    const input = name === 'ringLoss' ? 'radius' : 'proxy' in inputs ? 'proxy' : 'weight';
    const before = await numbers(state.table);
    const given = array(before, { shape: state.table.shape });
    const expected = (losses as unknown as { readonly [name: string]: (options: object) => NDArray })[name]!({ data, ...(label && { label }), ...options, [input]: given });
    const found = state.loss({ data, label });
    const all = await read([found, expected, ...vjp([found], [state.table], [ones([1])]), ...vjp([expected], [given], [ones([1])])]);
    expect(difference('value', all[0]!, all[1]!)).toBeUndefined();
    expect(difference('gradient of the table', all[2]!, all[3]!)).toBeUndefined();
    expect(all[2]!.some((each) => each !== 0)).toBe(true);
    state.follow({ data, label });
    state.commit();
    expect(await numbers(state.table)).toEqual(before);
  });

  test.each([
    ['an unknown loss', () => classTable('rangeLoss' as never, { numClass: 2, dimensions: 2 }), /^rangeLoss: there is no such loss; there are centerLoss/],
    ['an unknown option', () => classTable('centerLoss', { numClass: 2, dimensions: 2, delta: 1 }), /^centerLoss: there is no option delta; the options are numClass, dimensions, alpha/],
    ['a label outside the classes', () => classTable('gitLoss', { numClass: 2, dimensions: 1 }).loss({ data: array([[1]]), label: array([2]) }), /^GitLoss: label is 2 at position 0, outside the 2 classes/],
    ['data of another width', () => classTable('arcFaceLoss', { numClass: 2, dimensions: 3 }).loss({ data: array([[1]]), label: array([0]) }), /^ArcFaceLoss: data has shape \[1,1\]; it needs \[batch,3\]/],
    ['a missing label', () => classTable('centerLoss', { numClass: 2, dimensions: 1 }).follow({ data: array([[1]]) }), /^CenterLoss: label is missing/],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(message);
  });
});
