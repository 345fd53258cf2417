// Runs the built example as a user would, on a small picture, and looks at what it leaves behind.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'lossworks-example-'))
const example = (...args) => spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: folder })
const isPng = (path) => assert.equal(readFileSync(join(folder, path)).toString('latin1', 1, 4), 'PNG', path)

try {
  const painted = example('--size', '96', '--steps', '60', '--stop', '0', '--out', 'painted')
  assert.equal(painted.status, 0, painted.stderr)
  const summary = JSON.parse(readFileSync(join(folder, 'painted', 'summary.json'), 'utf8'))
  assert.equal(summary.steps, 60)
  assert.equal(summary.engineRuns, 60)
  assert.ok(summary.firstLoss > 4 * summary.lastLoss, `the loss fell from ${summary.firstLoss} to ${summary.lastLoss}`)
  for (const name of ['step-0050', 'result', 'contact-sheet', 'curves']) isPng(`painted/${name}.png`)

  const trained = example('boost-train', '--size', '64', '--steps', '4', '--width', '0.1', '--out', 'trained')
  assert.equal(trained.status, 0, trained.stderr)
  const stylized = example('stylize', '--generator', 'trained/generator', '--size', '96', '--onnx', '--out', 'trained')
  assert.equal(stylized.status, 0, stylized.stderr)
  isPng('trained/stylized.png')
  assert.ok(readFileSync(join(folder, 'trained', 'generator.onnx')).length > 1000)

  const wrong = [
    [['paint'], "there is no command 'paint'; there are nstyle, boost-train, stylize"],
    [['--content', 'nowhere.jpg'], /^--content: cannot read nowhere\.jpg \(ENOENT\)/],
    [['--content-layer', 'mixed99'], /^--content-layer: --trunk inception-v3 has no layer mixed99; its layers are .*mixed0/],
  ]
  for (const [args, message] of wrong) {
    const { status, stderr } = example(...args)
    assert.equal(status, 2, args.join(' '))
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr)
    if (typeof message === 'string') assert.equal(stderr.trimEnd(), message)
    else assert.match(stderr, message)
  }
  console.log(`neural-style: painted, trained, stylized and refused ${wrong.length} wrong requests.`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
