import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runSymbolCase, type SymbolCase } from '../src/conformance/symbol-cases.js';

const kinds = ['naming', 'attrs', 'symbol'];

function recordedCases(file: string): SymbolCase[] {
  const { cases } = JSON.parse(readFileSync(new URL(`../oracle/${file}`, import.meta.url), 'utf8')) as { cases: SymbolCase[] };
  return cases.filter(({ kind }) => kinds.includes(kind));
}

describe.each(['symbols.json', 'initializers.json'])('symbols of %s', (file) => {
  it.each(recordedCases(file))('$name has the recorded lists, attributes, shapes and JSON', (recorded) => {
    expect(runSymbolCase(recorded)).toEqual({ status: 'passed' });
  });
});
