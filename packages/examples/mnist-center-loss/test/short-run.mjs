// Runs the built example as a user would, on few digits, and looks at what it leaves behind.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lossworks-example-'))
const out = join(folder, 'out')

const example = (...args) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: folder })
const train = (...args) => example('--train-limit', '2000', '--batch-size', '20', '--out', out, ...args)

try {
  const run = train('--epochs', '1')
  assert.equal(run.status, 0, run.stderr)
  assert.match(run.stdout, /samples\/s/)
  assert.match(run.stdout, /center loss 0\.\d*[1-9]/, 'the center loss is shown in real digits')

  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
  assert.deepEqual(Object.keys(summary).sort(), [
    'engine', 'epochs', 'samplesPerSecond', 'seed', 'spread', 'spreadSoftmaxOnly', 'testAccuracy', 'testAccuracySoftmaxOnly', 'trainSeconds',
  ])
  for (const name of ['testAccuracy', 'testAccuracySoftmaxOnly']) assert.ok(summary[name] > 0.3 && summary[name] <= 1, `${name} is ${summary[name]}`)
  for (const picture of ['comparison', 'curves', 'embedding-softmax-only-epoch-01', 'embedding-center-loss-epoch-01']) {
    assert.equal(readFileSync(join(out, `${picture}.png`)).toString('latin1', 1, 4), 'PNG', picture)
    assert.match(readFileSync(join(out, `${picture}.svg`), 'utf8'), /^<svg .*<\/svg>\n$/s, picture)
  }
  for (const name of ['softmax-only', 'center-loss']) assert.ok(existsSync(join(out, `checkpoint-${name}-0001.safetensors`)), name)
  assert.deepEqual(readdirSync(out).filter((name) => name.endsWith('.tmp')), [])

  const resumed = train('--epochs', '2', '--resume')
  assert.equal(resumed.status, 0, resumed.stderr)
  assert.equal(JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).epochs, 2)

  writeFileSync(join(folder, 'occupied'), '')
  const wrong = [
    [['--epochs', 'abc'], "--epochs: 'abc' is not a whole number of at least 1"],
    [['--engine', 'abacus'], /^--engine: there is no engine 'abacus'/],
    [['--out', 'occupied/out'], /^--out: cannot write to .*occupied.out \(ENOTDIR\)/],
    [['--data', 'nowhere', '--out', out], /^--data: .*nowhere/],
  ]
  for (const [args, message] of wrong) {
    const { status, stderr, stdout } = example(...args)
    assert.equal(status, 2, args.join(' '))
    assert.equal(stdout, '', args.join(' '))
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
    if (typeof message === 'string') assert.equal(stderr.trimEnd(), message)
    else assert.match(stderr, message)
  }
  console.log(`mnist-center-loss: trained, resumed and refused ${wrong.length} wrong requests.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
