// Packs every public package and looks at the archive as a user's tools would.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publicPackages } from './packages.mjs'
import { capture, install, root, run } from './toolchain.mjs'

const env = install()
const archives = mkdtempSync(join(tmpdir(), 'lossworks-packed-'))
process.on('exit', () => rmSync(archives, { recursive: true, force: true }))

for (const { name, folder, manifest } of publicPackages()) {
  const archive = join(archives, `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
  run('pnpm', ['pack', '--pack-destination', archives], { cwd: join(root, folder), env, stdio: 'ignore' })
  console.log(name)
  const files = capture('tar', ['-tzf', archive]).split(/\r?\n/)
  for (const file of ['LICENSE', 'README.md']) if (!files.includes(`package/${file}`)) throw new Error(`${name} has no ${file}.`)
  capture('publint', ['--strict', archive], { env })
  // What is only run has nothing to import.
  if (manifest.publishConfig?.exports) capture('attw', ['--profile', 'esm-only', '--no-color', archive], { env })
}
