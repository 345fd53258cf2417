// What there is in this repository, by its files.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './toolchain.mjs'

/** Every package that is published: `{ name, folder, manifest }`. */
export function publicPackages() {
  return manifests('packages').filter(({ manifest }) => !manifest.private)
}

/** The example applications. */
export function exampleApplications() {
  return manifests('packages/examples')
}

/** Pages whose programs are run: the root's README, those of the packages, the guide. */
export function pages() {
  const guide = join('docs', 'guide')
  return [
    'README.md',
    ...publicPackages().map(({ folder }) => join(folder, 'README.md')),
    ...readdirSync(join(root, guide)).filter((name) => name.endsWith('.md')).map((name) => join(guide, name)),
  ]
}

function manifests(parent) {
  return readdirSync(join(root, parent))
    .map((each) => join(parent, each))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }))
    .map((each) => ({ name: each.manifest.name, ...each }))
}
