// `pnpm conformance DIR`, `pnpm webgpu-report`, `pnpm bench NAME [options]`, `pnpm example NAME [options]`, `pnpm doctor`
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, root } from './toolchain.mjs'

const commands = {
  conformance: () => ({ folder: 'testing', entry: 'conformance.js' }),
  'webgpu-report': () => ({ folder: 'testing', entry: 'webgpu-report.js' }),
  bench: () => ({ folder: 'bench', entry: 'main.js' }),
  doctor: () => ({ folder: 'ndarray', entry: 'doctor.js' }),
  example: (args) => ({ folder: `examples/${exampleName(args)}`, entry: 'main.js' }),
}

const [name, ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) throw new Error(`run.mjs: no command ${name}; there are ${Object.keys(commands).join(', ')}.`)

// npm keeps its `--` to itself, pnpm hands it on.
const separator = args.indexOf('--')
if (separator >= 0) args.splice(separator, 1)

const { folder, entry } = command(args)
const env = await build(folder)
if (env.LOSSWORKS_TFJS_NODE) process.env.LOSSWORKS_TFJS_NODE = env.LOSSWORKS_TFJS_NODE
// npm and pnpm start scripts in the root: paths among the arguments mean the folder of the caller.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)

// In this very process, so that exit codes and signals are the command's own.
const main = join(root, 'packages', folder, 'dist', entry)
process.argv = [process.execPath, main, ...args]
await import(pathToFileURL(main).href)

/** Takes the name of an example off the arguments; without one, or with an unknown one, lists them and ends. */
function exampleName(args) {
  const parent = join(root, 'packages', 'examples')
  const descriptions = Object.fromEntries(
    readdirSync(parent)
      .filter((example) => existsSync(join(parent, example, 'package.json')))
      .map((example) => [example, JSON.parse(readFileSync(join(parent, example, 'package.json'), 'utf8')).description]),
  )
  const example = args.shift()
  if (Object.hasOwn(descriptions, example ?? '')) return example
  const width = Math.max(...Object.keys(descriptions).map((each) => each.length))
  const list = Object.entries(descriptions).map(([each, description]) => `  ${each.padEnd(width)}   ${description}`).join('\n')
  const asked = example === '--help' || example === '-h'
  const complaint = example === undefined || asked ? '' : `There is no example '${example}'.\n\n`
  ;(asked ? process.stdout : process.stderr).write(`${complaint}Usage: pnpm example NAME [options]\n\nExamples:\n${list}\n\npnpm example NAME --help lists the options of one.\n`)
  process.exit(asked ? 0 : 2)
}
