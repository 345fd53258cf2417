import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { templates, type TemplateName } from './templates.js';

const own = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Writes a project into a folder that is new or empty.
 *
 * @throws RangeError where the folder holds something, or its name cannot be the name of a package.
 */
export function writeProject(folder: string, template: TemplateName): void {
  const complaint = complaintAbout(folder);
  if (complaint) throw new RangeError(complaint);
  const { title, dependencies } = templates[template];
  // Publishing turns the workspace's ranges into those of the release that this package belongs to.
  const { devDependencies } = JSON.parse(readFileSync(own('package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  const manifest = {
    name: packageName(folder),
    version: '0.0.0',
    private: true,
    description: title,
    type: 'module',
    scripts: { start: 'tsc && node dist/train.js' },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, devDependencies[name]])),
    devDependencies: { '@types/node': '^20.19.0', typescript: devDependencies['typescript'] },
    engines: { node: '>=20.19' },
  };
  mkdirSync(folder, { recursive: true });
  for (const part of ['shared', template]) cpSync(own(`templates/${part}`), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\ndist/\n'); // npm leaves a file of this name out of archives
}

/** Why no project can be written into a folder, or undefined. */
export function complaintAbout(folder: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(packageName(folder))) return `'${basename(folder)}' cannot be the name of a package; use small letters, digits and hyphens`;
  if (existsSync(folder) && readdirSync(folder).length > 0) return `the folder '${folder}' is not empty; name another, or empty it`;
  return undefined;
}

function packageName(folder: string): string {
  return basename(resolve(folder));
}
