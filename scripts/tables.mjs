// The tables of the pages that come from the code's own: `pnpm tables` writes them, `npm test` compares.
// A page says `<!-- NAME: from the code -->` … `<!-- end -->`; NAME is one of the tables below.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { docstringsOf } from './docstrings.mjs'
import { pages } from './packages.mjs'
import { root } from './toolchain.mjs'

const from = (name) => import(`../packages/${name}/dist/index.js`)
const [graph, losses, metrics, optim] = await Promise.all(['graph', 'losses', 'metrics', 'optim'].map(from))
losses.registerLossOperators()
const [metricDocstrings, optimDocstrings] = ['metrics', 'optim'].map(docstringsOf)

const operators = [...new Map(graph.listOperators().map((name) => [graph.findOperator(name).name, graph.findOperator(name)])).values()].sort((a, b) => (a.name < b.name ? -1 : 1))

const tables = {
  operators: () => table(['MXNet', 'arguments', 'parameters (default)'], operators.map((operator) => [code(operator.name), argumentsOf(operator), parametersOf(operator)])),
  'operator names': () => table(['MXNet', 'here', 'package'], operators.flatMap((operator) => {
    const names = [operator.name, ...(operator.aliases ?? [])]
    return [[names.map(code).join(', '), ...creatorOf(names)]]
  })),
  'output layers': () => lossTable('output layer'),
  'loss functions': () => lossTable('loss function'),
  'class centers': () => lossTable('class centers'),
  'trained tables': () => lossTable('trained table'),
  conventions: () => table(
    ['convention', 'what is minimised', 'options', 'effective λ at scale s, batch B', 'step of a center', 'source'],
    Object.entries(losses.centerLossConventions).map(([name, { formula, centerLoss, effectiveLambda, centerStep, source }]) => [
      code(name), formula, `normalization '${centerLoss.normalization}', centerUpdate '${centerLoss.centerUpdate}'`, effectiveLambda(1, 100) === 1 ? 's' : 's / B', centerStep, source,
    ]),
  ),
  metrics: () => table(['class', 'names', 'options (default)'], Object.values(metrics.metricDefinitions).map(({ className, names }) => [code(className), names.map(code).join(', '), metricOptions(className, names[0])])),
  "MXNet's metrics": () => metricTable(isOfMxnet),
  'metrics over classes': () => metricTable((docstring) => !isOfMxnet(docstring) && isOverClasses(docstring)),
  'other metrics': () => metricTable((docstring) => !isOfMxnet(docstring) && !isOverClasses(docstring)),
  optimizers: () => table(['name', 'options of its own (default)'], Object.entries(optim.optimizerRules).map(([name, { defaults }]) => [code(name), options(defaults)])),
  'optimizers and sources': () => table(['name', 'options of its own (default)', 'what it is'], optimizers().map(({ names, rule }) => [names.map(code).join(', '), options(rule.defaults), told(optimDocstrings, names[0])])),
  schedules: () => table(['class', 'options of its own (default)', 'what it is'], schedules().map((name) => [code(name), scheduleOptions(name).join(', ') || '–', told(optimDocstrings, name)])),
  'options of all schedules': () => table(['option', 'what it is'], [...optimDocstrings.get('SchedulerOptions').members].map(([name, text]) => [code(name), text])),
  'options of all optimizers': () => table(['option', 'what it is'], [...optimDocstrings.get('CommonOptions').members].map(([name, text]) => [code(name), text])),
}

const write = process.argv.includes('--write')
const stale = []
for (const page of pages()) {
  const written = readFileSync(join(root, page), 'utf8')
  const current = written.replaceAll(/<!-- (.+): from the code -->[^]*?<!-- end -->/g, (_, name) => {
    if (!Object.hasOwn(tables, name)) throw new Error(`${page}: no table '${name}' comes from the code; there are ${Object.keys(tables).join(', ')}`)
    return `<!-- ${name}: from the code -->\n${tables[name]()}\n<!-- end -->`
  })
  if (current === written) continue
  if (write) writeFileSync(join(root, page), current)
  else stale.push(page)
}
if (stale.length > 0) {
  console.error(`Tables are not those of the code: ${stale.join(', ')}`)
  process.exit(1)
}

function table(header, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}

function code(text) {
  return `\`${text}\``
}

function options(defaults) {
  return Object.entries(defaults).map(([name, value]) => `${code(name)} (${typeof value === 'object' && value !== null ? JSON.stringify(value) : value})`).join(', ') || '–'
}

function argumentsOf(operator) {
  const parameters = Object.fromEntries(Object.entries(operator.parameters).map(([name, { fallback }]) => [name, fallback]))
  const list = attempt(() => operator.inputs(parameters)) ?? []
  const states = attempt(() => operator.auxiliaryStates?.(parameters)) ?? []
  return [list.map(code).join(', ') || (operator.countParameter ? 'any number' : 'its own'), ...(states.length > 0 ? [`states ${states.map(code).join(', ')}`] : [])].join('; ')
}

// What depends on a parameter without a default has no list by itself.
function attempt(list) {
  try {
    return list()
  } catch {
    return undefined
  }
}

function parametersOf(operator) {
  return Object.entries(operator.parameters).map(([name, { fallback, required, kind }]) => `${code(name)} (${required ? kind : fallback === null ? 'none' : Array.isArray(fallback) ? `[${fallback}]` : fallback})`).join(', ') || '–'
}

function creatorOf(names) {
  const plain = (name) => name.toLowerCase().replaceAll('_', '')
  for (const [name, exported] of [['losses', losses], ['graph', graph]]) {
    const found = Object.keys(exported).find((each) => /^[a-z]/.test(each) && names.map(plain).includes(plain(each)))
    if (found) return [code(found), code(`@lossworks/${name}`)]
  }
  return [names[0].startsWith('_') ? 'arithmetic of symbols' : '`createSymbol`', '`@lossworks/graph`']
}

function lossTable(kind) {
  return table(
    ['loss', 'formula', 'gradient', 'state', 'source', 'also in', 'compared with'],
    losses.lossDocuments().filter((each) => each.kind === kind)
      .map(({ name, formula, gradient, state, source, peers }) => [code(name), formula, gradient, state, source, peers.join(', ') || '–', (kind === 'output layer' ? ['MXNet'] : recordedFrom(name)).join(', ')]),
  )
}

/** What computed the recorded values of a loss. */
function recordedFrom(name) {
  const origins = { torch: 'PyTorch', 'pytorch-metric-learning': 'pytorch-metric-learning', formula: 'formula written out in PyTorch' }
  const recorded = (file) => JSON.parse(readFileSync(join(root, 'packages/testing', file), 'utf8')).cases
  const gluon = Object.values(losses.gluonLosses).some(({ loss }) => loss === losses[name])
  const custom = recorded('oracle/customop.json').some(({ op }) => op === name.toLowerCase())
  return [...(gluon ? ['MXNet gluon'] : []), ...(custom ? ['custom operator in MXNet'] : []), ...new Set(recorded('recorded/torch-losses.json').filter(({ loss }) => loss === name).map(({ origin }) => origins[origin]))]
}

function metricTable(belongs) {
  const rows = Object.values(metrics.metricDefinitions).filter(({ className }) => belongs(metricDocstrings.get(className)))
  return table(
    ['class', 'names for `create`', 'display name', 'options (default)', 'value'],
    rows.map(({ className, names }) => [code(className), names.map(code).join(', '), displayName(className, names[0]), metricOptions(className, names[0]), told(metricDocstrings, className)]),
  )
}

function isOfMxnet({ text }) {
  return text.includes('(MXNet `')
}

function isOverClasses({ folder }) {
  return ['classification', 'ranking'].includes(folder)
}

function displayName(className, name) {
  const made = attempt(() => metrics.create(name).name)
  return code(made ?? `${literalOf(className, 'displayName').text}_<k>`)
}

function metricOptions(className, name) {
  const ofAll = ['metric', 'name', 'outputNames', 'labelNames']
  const configuration = attempt(() => metrics.create(name).getConfig())
  // What cannot be made without options has no default that counts.
  if (!configuration) return literalOf(className, 'parameters').properties.map((property) => `${code(property.name.text)} (to be given)`).join(', ')
  return options(Object.fromEntries(Object.entries(configuration).filter(([option]) => !ofAll.includes(option))))
}

/** A member of the specification that a metric's class is made of. */
function literalOf(className, member) {
  const [specification] = metricDocstrings.get(className).declaration.initializer.arguments
  return specification.properties.filter(ts.isPropertyAssignment).find(({ name }) => name.text === member).initializer
}

/** Every optimizer with its names: a second one is the same rule. */
function optimizers() {
  const entries = Object.entries(optim.optimizerRules)
  return [...new Set(entries.map(([, rule]) => rule))].map((rule) => ({ rule, names: entries.filter(([, each]) => each === rule).map(([name]) => name) }))
}

/** Every schedule, MXNet's first. */
function schedules() {
  const names = Object.keys(optim).filter((name) => /^(?!Curve).+Scheduler$/.test(name))
  const isOurs = (name) => Number(!isOfMxnet(optimDocstrings.get(name)))
  return names.sort((a, b) => isOurs(a) - isOurs(b))
}

/** The options that a schedule's constructor takes beside those of all, each with the default its docstring tells. */
function scheduleOptions(name) {
  const { members, heritageClauses } = optimDocstrings.get(name).declaration
  const type = members.find(ts.isConstructorDeclaration)?.parameters[0]?.type.getText()
  if (!type) return scheduleOptions(heritageClauses[0].types[0].getText())
  return /^\w+Options$/.test(type) ? membersOf(type) : []
}

function membersOf(type) {
  const { members, declaration } = optimDocstrings.get(type)
  const inherited = (declaration.heritageClauses ?? []).flatMap(({ types }) => types.map((each) => each.getText())).filter((each) => optimDocstrings.has(each))
  return [...inherited.flatMap(membersOf), ...declaration.members.map((member) => {
    const name = member.name.text
    if (!member.questionToken) return `${code(name)} (to be given)`
    const [, fallback] = /default ([\w.'`-]*[\w'`])/.exec(members.get(name)) ?? []
    if (!fallback) throw new Error(`${type}: the docstring of ${name} tells no default, which its row in a table is made of`)
    return `${code(name)} (${fallback})`
  })]
}

function told(docstrings, name) {
  const text = docstrings.get(name)?.text
  if (!text) throw new Error(`${name} has no docstring, which its row in a table is made of`)
  return text
}
