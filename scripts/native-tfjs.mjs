// `pnpm native:tfjs [--gpu]`: TensorFlow.js's binding, built from the sources that its package ships, against the library in TensorFlow's Python wheel. Neither its own download nor
// its CUDA version is needed. A repeated run does nothing.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nativeFolder, nativeTarget } from './toolchain.mjs'

const tfjsVersion = '4.22.0'
const tensorFlowVersion = '2.21.0'
const kinds = {
  cpu: { packageName: '@tensorflow/tfjs-node', wheel: 'tensorflow-cpu' },
  gpu: { packageName: '@tensorflow/tfjs-node-gpu', wheel: 'tensorflow' },
}

/** Builds it unless it is there. Throws an Error of one line that names what is missing and how to get it. */
export function buildNative(kind = 'cpu', say = console.log) {
  const folder = nativeTarget(kind)
  const { packageName, wheel } = kinds[kind]
  if (nativeFolder(kind)) return folder
  if (process.platform !== 'linux') throw new Error(`builds on Linux alone; elsewhere let the package do it: npm rebuild ${packageName} --build-addon-from-source`)
  const compiler = process.env.CXX ?? 'c++'
  const python = process.env.PYTHON ?? 'python3'
  need(compiler, ['--version'], 'there is no C++ compiler; install one: apt-get install g++ (or name it in CXX)')
  need(python, ['-m', 'pip', '--version'], 'there is no Python with pip; install it: apt-get install python3-pip (or name it in PYTHON)')

  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  say(`${packageName} ${tfjsVersion} …`)
  step('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder, `${packageName}@${tfjsVersion}`, 'node-api-headers@1'], 'npm does not deliver the package')

  const library = join(folder, 'wheel')
  if (!existsSync(join(library, 'tensorflow', 'libtensorflow_cc.so.2'))) {
    say(`${wheel} ${tensorFlowVersion} (${kind === 'cpu' ? '260 MB' : '600 MB'} to download, 1 GB unpacked) …`)
    const download = join(folder, 'download')
    const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch] ?? process.arch
    // Any Python's wheel will do: nothing of Python is used.
    const anyPython = ['--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', '--platform', `manylinux_2_27_${machine}`]
    step(python, ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', ...anyPython, '--dest', download, `${wheel}==${tensorFlowVersion}`], 'pip does not deliver the wheel')
    const [file] = readdirSync(download)
    step(python, ['-c', unpack, join(download, file), library], 'the wheel cannot be unpacked')
    rmSync(download, { recursive: true })
  }

  say('binding …')
  const home = join(folder, 'node_modules', ...packageName.split('/'))
  const libraries = join(home, 'deps', 'lib')
  const target = join(home, 'lib', 'napi-v8')
  for (const each of [libraries, target]) mkdirSync(each, { recursive: true })
  link(join(library, 'tensorflow', 'include'), join(home, 'deps', 'include'))
  const links = { 'libtensorflow.so': 'libtensorflow_cc.so.2', 'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2', 'libtensorflow_framework.so': 'libtensorflow_framework.so.2', 'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2' }
  for (const [name, source] of Object.entries(links)) link(join(library, 'tensorflow', source), join(libraries, name))
  const includes = [join(folder, 'node_modules', 'node-api-headers', 'include'), join(home, 'deps', 'include'), home].flatMap((path) => ['-I', path])
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(home, 'binding', name))
  step(compiler, ['-std=c++17', '-O2', '-shared', '-fPIC', '-DNAPI_VERSION=8', ...includes, '-o', join(target, 'tfjs_binding.node'), ...sources,
    '-L', libraries, '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'], 'the binding does not compile')
  step(process.execPath, ['-e', `require('node:util').isNullOrUndefined ??= (x) => x == null; const tf = require(${JSON.stringify(home)}); if (tf.add(1, 2).dataSync()[0] !== 3) process.exit(1)`], 'the binding does not load')
  writeFileSync(join(folder, 'built'), `${packageName} ${tfjsVersion} on ${wheel} ${tensorFlowVersion}\n`)
  return folder
}

/** Unpacks what the binding needs: headers and the two libraries. */
const unpack = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    kept = [n for n in wheel.namelist() if n.startswith('tensorflow/include/') or n in ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')]
    wheel.extractall(sys.argv[2], kept)
`

function need(command, args, missing) {
  const { status } = spawnSync(command, args, { stdio: 'ignore' })
  if (status !== 0) throw new Error(missing)
}

function step(command, args, failure) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }, maxBuffer: 2 ** 26 })
  if (status !== 0) throw new Error(`${failure}: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`)
}

function link(target, path) {
  rmSync(path, { force: true, recursive: true })
  symlinkSync(target, path)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const kind = process.argv.includes('--gpu') ? 'gpu' : 'cpu'
  try {
    const there = nativeFolder(kind)
    const folder = there ?? buildNative(kind)
    console.log(`${there ? 'It is there already' : 'It is built'}: LOSSWORKS_TFJS_NODE=${folder} LOSSWORKS_ENGINE=tfjs:node${kind === 'gpu' ? '-gpu' : ''}\npnpm's commands here find it by themselves.`)
  } catch (error) {
    console.error(`native:tfjs: ${error.message}`)
    process.exit(1)
  }
}
