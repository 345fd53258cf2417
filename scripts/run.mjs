// `pnpm conformance DIR`, `pnpm bench NAME [options]`, `pnpm example NAME [options]`
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, root } from './toolchain.mjs'

const commands = {
  conformance: { package: 'testing', entry: 'conformance.js' },
  bench: { package: 'bench', entry: 'main.js' },
  example: { package: 'examples', entry: 'main.js' },
}

const [name, ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) throw new Error(`run.mjs: no command ${name}; there are ${Object.keys(commands).join(', ')}.`)

// npm keeps its `--` to itself, pnpm hands it on.
const separator = args.indexOf('--')
if (separator >= 0) args.splice(separator, 1)

await build(command.package)
// npm and pnpm start scripts in the root: paths among the arguments mean the folder of the caller.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)

// In this very process, so that exit codes and signals are the command's own.
const entry = join(root, 'packages', command.package, 'dist', command.entry)
process.argv = [process.execPath, entry, ...args]
await import(pathToFileURL(entry).href)
