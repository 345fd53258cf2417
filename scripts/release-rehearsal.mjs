// Publishes every package to a registry on loopback, and uses what was published as a user would: `pnpm release:rehearse`.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import ts from 'typescript'
import { rehearsalTools, startRegistry } from './local-registry.mjs'
import { difference, examplesOf } from './markdown-examples.mjs'
import { exampleApplications, publicPackages } from './packages.mjs'
import { build, capture, install, root } from './toolchain.mjs'

const begin = Date.now()
const uplink = capture('npm', ['config', 'get', 'registry']).trim()
if (!(await fetch(uplink, { signal: AbortSignal.timeout(20_000) }).then(({ status }) => status < 500, () => false))) {
  console.log('Skipped: the registry that npm is configured with does not answer, and an installation needs it.')
  process.exit(0)
}

const folder = mkdtempSync(join(tmpdir(), 'lossworks-rehearsal-'))
let stop = () => {}
process.on('exit', () => {
  stop()
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

const toolchain = install()
await build()
const packages = publicPackages()
const otherNode = nodeFromNpm(process.versions.node.startsWith('20.') ? '22' : '20')
const registry = await startRegistry(folder, uplink, ['@lossworks/*', 'create-lossworks'])
stop = registry.stop
const env = {
  ...toolchain,
  npm_config_registry: registry.address,
  npm_config_userconfig: join(folder, 'npmrc'),
  [`npm_config_//${new URL(registry.address).host}/:_authToken`]: 'anybody',
  npm_config_audit: 'false', npm_config_fund: 'false', npm_config_loglevel: 'error', npm_config_update_notifier: 'false',
  NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', CI: '1',
}
writeFileSync(env.npm_config_userconfig, `registry=${registry.address}\n//${new URL(registry.address).host}/:_authToken=anybody\n`)
report(`a registry at ${registry.address}`)

const tree = copyOfTree()
const versions = release()
const missing = packages.filter(({ name }) => !versions[name])
if (missing.length > 0) throw new Error(`not published: ${missing.map(({ name }) => name).join(', ')}`)
const silent = packages.filter((each) => !existsSync(join(tree, each.folder, 'CHANGELOG.md')))
if (silent.length > 0) throw new Error(`no CHANGELOG.md after versioning: ${silent.map(({ name }) => name).join(', ')}; add a changeset (pnpm changeset)`)
report(`published ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}`)

for (const each of packages) installAlone(each)
installWithoutOnnxruntimeNode()
createProject('mnist-center-loss', ['1'], /Validation-accuracy=0\.9/)
createProject('custom-loss', [], /cauchy +y = (1\.9|2\.0)\d/)
for (const each of exampleApplications()) runOutside(each)
secondRelease()
console.log(`Rehearsed in ${Math.round((Date.now() - begin) / 1000)} s.`)
process.exit(0)

/** The file of another Node, which npm has as a package for each system. */
function nodeFromNpm(version) {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  return join(rehearsalTools(`${name}@${version}`), 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}

/** The files of this tree as they stand, committed or not, with what was built; a repository of its own. */
function copyOfTree() {
  const copy = join(folder, 'tree')
  const files = capture('git', ['ls-files', '-co', '--exclude-standard']).split('\n').filter((file) => file && existsSync(join(root, file)))
  for (const file of files) cpSync(join(root, file), join(copy, file))
  for (const { folder: where } of [...packages, ...exampleApplications()]) cpSync(join(root, where, 'dist'), join(copy, where, 'dist'), { recursive: true })
  command('pnpm', ['install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts'], { cwd: copy })
  command('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy })
  command('git', ['config', 'user.name', 'rehearsal'], { cwd: copy })
  command('git', ['config', 'user.email', 'rehearsal@localhost'], { cwd: copy })
  commit(copy, 'Begin')
  return copy
}

/** Versions and publishes what has changesets; returns the versions of what was published just now. */
function release() {
  const before = published()
  command('changeset', ['version'], { cwd: tree })
  commit(tree, 'Version')
  command('changeset', ['publish'], { cwd: tree })
  const after = published()
  return Object.fromEntries(Object.entries(after).filter(([name, version]) => version !== before[name]))
}

function published() {
  return Object.fromEntries(packages.flatMap(({ name }) => {
    const { status, stdout } = spawnSync('npm', ['view', name, 'version', '--json', '--prefer-online'], { env, encoding: 'utf8', shell: process.platform === 'win32' })
    return status === 0 && stdout ? [[name, JSON.parse(stdout)]] : []
  }))
}

/** The README's install line in an empty folder, with npm and with pnpm on each Node; the first program of the README on each Node. */
function installAlone({ name, folder: where }) {
  const readme = readFileSync(join(root, where, 'README.md'), 'utf8')
  const names = /^npm install (.+)$/m.exec(readme)?.[1].split(' ') ?? [name]
  const example = examplesOf(readme).find(({ runs }) => runs)
  const installations = [process.execPath, otherNode].flatMap((node) => [['npm', 'install', node], ['pnpm', 'add', node]])
  for (const [installer, verb, node] of installations) {
    const start = Date.now()
    const project = emptyProject()
    command(installer, [verb, ...names], { cwd: project, env: on(node) })
    const seconds = Math.round((Date.now() - start) / 1000)
    if (example) runExample(project, node, example, name)
    report(`${installer} ${verb} ${names.join(' ')} on Node ${major(node)} in ${seconds} s${example ? `, and ${name}'s first program` : ''}`)
    rmSync(project, { recursive: true, force: true })
  }
}

function on(node) {
  return { ...env, PATH: [dirname(node), env.PATH].join(delimiter) }
}

function major(node) {
  return capture(node, ['-p', 'process.versions.node.split(".")[0]']).trim()
}

function emptyProject() {
  const project = mkdtempSync(join(folder, 'project-'))
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', private: true, type: 'module' }))
  writeFileSync(join(project, 'pnpm-workspace.yaml'), 'allowBuilds:\n  onnxruntime-node: false\n  protobufjs: false\n')
  return project
}

function runExample(project, node, { code, expected }, name) {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } })
  writeFileSync(join(project, 'example.mjs'), outputText)
  const output = command(node, ['example.mjs'], { cwd: project })
  const wrong = expected === undefined ? undefined : difference(output, expected)
  if (wrong) throw new Error(`The first program of ${name}'s README, installed, on ${node}: ${wrong}\n${output}`)
}

/** Where onnxruntime-node's install script fails, npm leaves the package out and arrays run on WebAssembly. */
function installWithoutOnnxruntimeNode() {
  const project = emptyProject()
  // The script is told to fetch CUDA, by way of a proxy that is not there.
  const nowhere = 'http://127.0.0.1:9'
  const variables = { ONNXRUNTIME_NODE_INSTALL: 'cuda12', GLOBAL_AGENT_HTTP_PROXY: nowhere, GLOBAL_AGENT_HTTPS_PROXY: nowhere }
  command('npm', ['install', '@lossworks/ndarray'], { cwd: project, env: { ...env, ...variables } })
  if (existsSync(join(project, 'node_modules', 'onnxruntime-node'))) throw new Error("onnxruntime-node's install script was to fail and did not.")
  const example = examplesOf(readFileSync(join(root, 'packages', 'ndarray', 'README.md'), 'utf8')).find(({ runs }) => runs)
  for (const node of [process.execPath, otherNode]) runExample(project, node, example, '@lossworks/ndarray')
  report("@lossworks/ndarray where onnxruntime-node's install script fails: installed, and its first program runs on onnxruntime-web")
}

/** `npm create lossworks`, and the two commands that it names. */
function createProject(template, args, expected) {
  // In a cache of its own: npm keeps what it created with before, and asks for its version alone.
  command('npm', ['create', '--yes', 'lossworks', template, '--', '--template', template], { env: { ...env, npm_config_cache: join(folder, 'npm-cache') } })
  const project = join(folder, template)
  command('npm', ['install'], { cwd: project })
  const output = command('npm', ['start', '--', ...args], { cwd: project })
  if (!expected.test(output)) throw new Error(`The project ${template} printed\n${output}`)
  report(`npm create lossworks -- --template ${template}: installed and trained`)
  rmSync(project, { recursive: true, force: true })
}

/** An example application in a folder of its own, built and run on what was published. */
function runOutside({ name, folder: where, manifest }) {
  const outside = join(folder, 'outside')
  const application = join(outside, where)
  const files = capture('git', ['ls-files', '-co', '--exclude-standard', where]).split('\n').filter((file) => file && existsSync(join(root, file)))
  // How everything here is compiled stands beside all packages.
  for (const file of [...files, 'tsconfig.base.json', 'tsup.shared.ts']) cpSync(join(root, file), join(outside, file))
  const current = (dependency) => JSON.parse(command('npm', ['view', dependency, 'version', '--json']))
  const published = (ranges = {}) => Object.fromEntries(Object.entries(ranges).map(([dependency, range]) => [dependency, range.startsWith('workspace:') ? `^${current(dependency)}` : range]))
  writeFileSync(join(application, 'package.json'), JSON.stringify({ ...manifest, dependencies: published(manifest.dependencies), devDependencies: published(manifest.devDependencies) }))
  command('npm', ['install'], { cwd: application })
  command('npm', ['run', 'build'], { cwd: application })
  if (existsSync(join(application, 'page'))) command('tsc', ['--noEmit', '--project', 'page', '--types', 'vite/client,@webgpu/types'], { cwd: application })
  command('npm', ['run', '--if-present', 'test:short'], { cwd: application })
  report(`${name}: installed and built outside, its short run passes`)
  rmSync(outside, { recursive: true, force: true })
}

/** A change of metrics alone publishes metrics and, at most, what depends on it. */
function secondRelease() {
  writeFileSync(join(tree, '.changeset', 'second.md'), "---\n'@lossworks/metrics': patch\n---\n\nA rehearsal.\n")
  const again = Object.keys(release())
  const dependsOnMetrics = (name) => name === '@lossworks/metrics' || Object.keys(packages.find((each) => each.name === name)?.manifest.dependencies ?? {}).some((each) => each.startsWith('@lossworks/') && dependsOnMetrics(each))
  if (!again.includes('@lossworks/metrics') || !again.every(dependsOnMetrics)) throw new Error(`The second release published ${again.join(', ') || 'nothing'}.`)
  report(`a second release that touches metrics alone published ${again.join(', ')}`)
}

function commit(cwd, message) {
  command('git', ['add', '--all'], { cwd })
  command('git', ['commit', '--quiet', '--no-verify', '--allow-empty', '--message', message], { cwd })
}

function command(name, args, options = {}) {
  return capture(name, args, { cwd: folder, env, ...options })
}

function report(text) {
  console.log(`${String(Math.round((Date.now() - begin) / 1000)).padStart(4)} s  ${text}`)
}
