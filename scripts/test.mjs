import { join } from 'node:path'
import { build, run } from './toolchain.mjs'

const sections = [
  ['Types', 'tsc', ['--noEmit']],
  ['Lint', 'oxlint', ['--deny-warnings']],
  ['Unit tests', 'vitest', ['run']],
  ['Conformance', 'node', [join('packages', 'testing', 'dist', 'conformance.js'), join('packages', 'testing', 'oracle')]],
  ['Examples', 'pnpm', ['--filter', './packages/examples/*', '--workspace-concurrency=1', 'run', '--if-present', 'test:short']],
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
