import { expect, test } from 'vitest';
import * as losses from '../src/index.js';
import { lossDocuments } from '../src/index.js';

test('every documented loss is exported, and every exported loss is documented', () => {
  const documented = lossDocuments().map(({ name }) => name);
  const creators = Object.entries(losses).filter(([name, value]) => typeof value === 'function' && /^[a-z].*(Loss|Output)$/.test(name) && !['gluonLoss', 'defineLoss'].includes(name)).map(([name]) => name);
  expect(documented.filter((name) => !(name in losses))).toEqual([]);
  expect(creators.filter((name) => !documented.includes(name))).toEqual([]);
});

test('every loss of the family names its paper with the year, and every loss its formula and source', () => {
  const documents = lossDocuments();
  expect(documents.filter(({ formula, source }) => formula.length < 1 || source.length < 5)).toEqual([]);
  const family = documents.filter(({ kind }) => kind === 'class centers' || kind === 'trained table');
  expect(family.map(({ name }) => name)).toEqual([...Object.keys(losses.centerTables), ...Object.keys(losses.trainedTableLosses)]);
  expect(family.filter(({ source }) => !/\b20\d\d\b/.test(source))).toEqual([]);
});
