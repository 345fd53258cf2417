import { expect, test } from 'vitest';
import * as losses from '../src/index.js';
import { lossDocuments } from '../src/index.js';

test('every documented loss is exported, and every exported loss is documented', () => {
  const documented = lossDocuments().map(({ name }) => name);
  const creators = Object.entries(losses).filter(([name, value]) => typeof value === 'function' && /^[a-z].*(Loss|Output)$/.test(name) && !['gluonLoss', 'defineLoss'].includes(name)).map(([name]) => name);
  expect(documented.filter((name) => !(name in losses))).toEqual([]);
  expect(creators.filter((name) => !documented.includes(name))).toEqual([]);
});
