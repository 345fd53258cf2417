import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, root, run } from './toolchain.mjs'

const examples = JSON.parse(readFileSync(join(root, 'packages', 'examples', 'package.json'), 'utf8'))

const sections = [
  ['Types', 'tsc', ['--noEmit']],
  ['Lint', 'oxlint', ['--deny-warnings']],
  ['Unit tests', 'vitest', ['run']],
  ['Conformance', 'node', [join('packages', 'testing', 'dist', 'conformance.js'), join('packages', 'testing', 'oracle')]],
  ...(examples.scripts['test:short'] ? [['Examples', 'pnpm', ['--filter', '@lossworks/examples', 'run', 'test:short']]] : []),
]

title('Build')
const env = await build()
for (const [name, command, args] of sections) {
  title(name)
  run(command, args, { env })
}

function title(name) {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
}
