// Brings pnpm and the packages, and builds. It runs before anything is installed, so it imports nothing but Node.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const windows = process.platform === 'win32'
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const pnpmVersion = packageManager.split('@')[1]

/** Installs what the lock file names. Costs a tenth of a second where nothing changed. */
export function install() {
  const env = environment()
  const installed = existsSync(join(root, 'node_modules', '.modules.yaml'))
  if (!installed) console.error('Installing packages …')
  run('pnpm', ['install', ...(installed ? ['--loglevel=warn'] : [])], { env })
  return env
}

/** Builds one package and what it depends on, or all of them; says nothing where nothing changed. */
export async function build(name) {
  const env = install()
  const turbo = spawn(
    'turbo',
    ['run', 'build', '--output-logs=errors-only', ...(name ? [`--filter={./packages/${name}}...`] : [])],
    { cwd: root, env, shell: windows, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const output = []
  for (const stream of [turbo.stdout, turbo.stderr]) stream.on('data', (chunk) => output.push(chunk))
  const notice = setTimeout(() => console.error('Building …'), 1000)
  const status = await new Promise((resolve, reject) => {
    turbo.on('error', reject)
    turbo.on('close', (code, signal) => resolve(exitCode(code, signal)))
  })
  clearTimeout(notice)
  if (status !== 0) {
    process.stderr.write(Buffer.concat(output))
    process.exit(status)
  }
  return env
}

/** Runs a command to its end with this terminal; a failure ends this process with the same code. */
export function run(command, args, { onFailure, ...options } = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows, ...options })
  if (error) throw error
  const code = exitCode(status, signal)
  if (code === 0) return
  onFailure?.()
  process.exit(code)
}

/** What a command prints; a failure is an error that says it. */
export function capture(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: windows, maxBuffer: 2 ** 26, ...options })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)
  return stdout
}

function exitCode(status, signal) {
  return status ?? 128 + constants.signals[signal]
}

function environment() {
  return {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), pnpmFolder(), process.env.PATH].join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    ...nativeTensorFlow(),
  }
}

// What `pnpm native:tfjs` has built, unless another is named; that for a GPU first.
function nativeTensorFlow() {
  if (process.env.LOSSWORKS_TFJS_NODE) return {}
  const folder = ['gpu', 'cpu'].map(nativeFolder).find((each) => each)
  return folder ? { LOSSWORKS_TFJS_NODE: folder } : {}
}

/** Where the native library of TensorFlow.js lies once `pnpm native:tfjs` has built it; undefined before. */
export function nativeFolder(kind) {
  const folder = nativeTarget(kind)
  return existsSync(join(folder, 'built')) ? folder : undefined
}

export function nativeTarget(kind) {
  return join(root, 'node_modules', '.cache', 'lossworks', `tfjs-node-${kind}`)
}

// turbo starts pnpm by its name, so it has to be on the path. npx takes a second, so its answer is kept.
function pnpmFolder() {
  if (process.env.npm_config_user_agent?.startsWith(`pnpm/${pnpmVersion} `)) return dirname(process.env.npm_execpath)
  const note = join(root, 'node_modules', '.cache', `pnpm-${pnpmVersion}`)
  if (existsSync(note)) {
    const folder = readFileSync(note, 'utf8')
    if (holdsPnpm(folder)) return folder
  }
  const { status, stdout, error } = spawnSync(
    'npx',
    ['--yes', `--package=${packageManager}`, '--', 'node', '-p', 'process.env.PATH'],
    { encoding: 'utf8', shell: windows, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  if (error) throw error
  const folder = stdout.trim().split(delimiter).find(holdsPnpm)
  if (status !== 0 || !folder) throw new Error(`npx could not bring ${packageManager}; install it by hand and run this through pnpm.`)
  mkdirSync(dirname(note), { recursive: true })
  writeFileSync(note, folder)
  return folder
}

function holdsPnpm(folder) {
  return existsSync(join(folder, windows ? 'pnpm.cmd' : 'pnpm'))
}
