import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as losses from '../src/index.js';
import { centerLossConventions, lossDocuments, type LossDocument } from '../src/index.js';

const file = new URL('../README.md', import.meta.url);

function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

const lossRows = (kind: LossDocument['kind']): string => markdown(
  ['loss', 'formula', 'gradient', 'state', 'source', 'also in'],
  lossDocuments().filter((each) => each.kind === kind).map(({ name, formula, gradient, state, source, peers }) => [`\`${name}\``, formula, gradient, state, source, peers.join(', ') || '–']),
);

/** Parts of the README that come from the code, by the name in their markers. */
const parts: { readonly [name: string]: string } = {
  'output layers': lossRows('output layer'),
  'loss functions': lossRows('loss function'),
  'class centers': lossRows('class centers'),
  'trained tables': lossRows('trained table'),
  conventions: markdown(
    ['convention', 'what is minimised', 'options', 'effective λ at scale s, batch B', 'step of a center', 'source'],
    Object.entries(centerLossConventions).map(([name, { formula, centerLoss, effectiveLambda, centerStep, source }]) => [
      `\`${name}\``, formula, `normalization '${centerLoss.normalization}', centerUpdate '${centerLoss.centerUpdate}'`, (effectiveLambda(1, 100) as number) === 1 ? 's' : 's / B', centerStep, source,
    ]),
  ),
};

const marked = (name: string, content: string): string => `<!-- ${name}: from the code -->\n${content}\n<!-- end -->`;

test('the tables of the README are those of the code (LOSSWORKS_WRITE_README=1 writes them)', () => {
  const written = readFileSync(file, 'utf8');
  let current = written;
  for (const [name, content] of Object.entries(parts)) {
    const pattern = new RegExp(`<!-- ${name}: from the code -->[^]*?<!-- end -->`);
    expect(current, `the README has no part ${name}`).toMatch(pattern);
    current = current.replace(pattern, () => marked(name, content));
  }
  if (process.env['LOSSWORKS_WRITE_README'] === '1') writeFileSync(file, current);
  else expect(written).toBe(current);
});

test('every documented loss is exported, and every exported loss is documented', () => {
  const documented = lossDocuments().map(({ name }) => name);
  const creators = Object.entries(losses).filter(([name, value]) => typeof value === 'function' && /^[a-z].*(Loss|Output)$/.test(name) && !['gluonLoss', 'defineLoss'].includes(name)).map(([name]) => name);
  expect(documented.filter((name) => !(name in losses))).toEqual([]);
  expect(creators.filter((name) => !documented.includes(name))).toEqual([]);
});
