// Runs the built example as a user would, on few scenes, and looks at what it leaves behind.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lossworks-example-'))
const out = join(folder, 'out')
const example = (...args) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: folder })
const train = (...args) => example('--scenes', '300', '--test-scenes', '40', '--out', out, ...args)

try {
  const run = train('--epochs', '1')
  assert.equal(run.status, 0, run.stderr)
  assert.match(run.stdout, /images\/s/)
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'))
  for (const name of ['mAP50', 'mAP75', 'mAP5095', 'mAP75NoRegression', 'proposalRecall50', 'trainSeconds', 'seed']) assert.ok(Number.isFinite(summary[name]), `${name} is ${summary[name]}`)
  assert.ok(summary.proposalRecall50 > 0.95, `proposalRecall50 is ${summary.proposalRecall50}`)
  assert.equal(summary.epochs, 1)
  for (const picture of ['detections', 'precision-recall', 'curves']) {
    assert.equal(readFileSync(join(out, `${picture}.png`)).toString('latin1', 1, 4), 'PNG', picture)
    const svg = readFileSync(join(out, `${picture}.svg`), 'utf8')
    assert.match(svg, /^<svg .*<\/svg>\n$/s, picture)
    assert.doesNotMatch(svg, /[="M,L\s](NaN|-?Infinity)/, picture)
  }
  for (const file of ['checkpoint-smooth-l1-0001.safetensors', 'fast-rcnn-smooth-l1-0001.params', 'fast-rcnn-smooth-l1-symbol.json']) assert.ok(existsSync(join(out, file)), file)

  const wrong = example('--epochs', 'abc')
  assert.equal(wrong.status, 2)
  assert.equal(wrong.stderr.trimEnd(), "--epochs: 'abc' is not a whole number of at least 1")
  console.log(`fast-rcnn: trained on 300 scenes, mAP@0.5 ${summary.mAP50.toFixed(3)}; refused a wrong request.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
