import { join } from 'node:path'
import { buildNative } from './native-tfjs.mjs'
import { build, run } from './toolchain.mjs'

const sections = [
  ['Types', 'tsc', ['--noEmit']],
  ['Types of the page', 'tsc', ['--noEmit', '-p', join('packages', 'examples', 'web', 'page')]],
  ['Lint', 'oxlint', ['--deny-warnings'], 'oxlint --fix mends some of it'],
  ['Workspace', 'sherif', ['--ignore-rule', 'packages-without-package-json'], 'sherif --fix mends most of it'],
  ['Unused', 'knip', ['--no-progress'], 'delete what is named, or say in knip.config.ts who uses it'],
  ['Public API', 'node', ['scripts/api.mjs'], 'pnpm api'],
  ['Tables in the pages', 'node', ['scripts/tables.mjs'], 'pnpm tables writes them'],
  ['Packed packages', 'node', ['scripts/packed.mjs'], 'node scripts/packed.mjs tries again'],
  ['Sizes', 'size-limit', [], 'make it smaller, or argue for another limit in .size-limit.mjs'],
  ['Unit tests', 'vitest', ['run']],
  ['Conformance', 'node', [join('packages', 'testing', 'dist', 'conformance.js'), join('packages', 'testing', 'oracle')]],
  ['Programs in the READMEs and the guide', 'node', ['scripts/examples.mjs'], 'node scripts/examples.mjs tries again'],
  ['Examples', 'pnpm', ['--filter', './packages/examples/*', '--workspace-concurrency=1', 'run', '--if-present', 'test:short']],
  ['A page on WebGPU', 'pnpm', ['--filter', '@lossworks/example-web', 'run', 'test:webgpu']],
  ['Release, rehearsed', 'node', ['scripts/release-rehearsal.mjs'], 'pnpm release:rehearse tries again'],
]

const begin = Date.now()
const env = await timed('Build', () => build())
if (process.env.CI === 'true' && !env.LOSSWORKS_TFJS_NODE) {
  await timed("TensorFlow.js's native library", () => {
    try {
      env.LOSSWORKS_TFJS_NODE = buildNative()
    } catch (error) {
      console.log(`Not tested: ${error.message}`)
    }
  })
}
for (const [name, command, args, remedy] of sections) {
  await timed(name, () => run(command, args, { env, onFailure: () => console.error(`\n${name} failed.${remedy ? ` ${remedy}.` : ''}`) }))
}
if (env.LOSSWORKS_TFJS_NODE) await timed('An epoch of MNIST on TensorFlow', () => run('node', ['scripts/native-epoch.mjs'], { env }))
console.log(`\nEvery check passed in ${seconds(begin)} s.`)

async function timed(name, work) {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`)
  const start = Date.now()
  const result = await work()
  console.log(`${seconds(start)} s`)
  return result
}

function seconds(start) {
  return Math.round((Date.now() - start) / 1000)
}
