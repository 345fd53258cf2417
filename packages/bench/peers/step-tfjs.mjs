// The benchmark's training step in TensorFlow.js on its native library: step-tfjs.mjs BATCH THREADS. Runs as many steps as each line of input says.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.LOSSWORKS_TFJS_NODE ?? process.cwd()}/`);
const batch = Number(process.argv[2]);
process.env.OMP_NUM_THREADS ??= process.argv[3];
process.env.TF_NUM_INTRAOP_THREADS ??= process.argv[3];
const tf = require('@tensorflow/tfjs-node');
await tf.ready();

const weight = (shape, size) => tf.variable(tf.randomUniform(shape, -size, size));
const bias = (length) => tf.variable(tf.zeros([length]));
const [conv1, conv2, fc1, fc2, fc3] = [weight([5, 5, 1, 20], 0.2), weight([5, 5, 20, 50], 0.05), weight([800, 500], 0.05), weight([500, 2], 0.05), weight([2, 10], 0.5)];
const [bias1, bias2, bias3, bias4, bias5] = [20, 50, 500, 2, 10].map(bias);
const trained = [conv1, conv2, fc1, fc2, fc3, bias1, bias2, bias3, bias4, bias5];
const centers = tf.variable(tf.zeros([10, 2]), false);
const optimizer = tf.train.momentum(0.001, 0.9);
const images = tf.randomUniform([batch, 28, 28, 1]);
const labels = tf.tensor1d(Array.from({ length: batch }, (_, i) => i % 10), 'int32');

function step() {
  return tf.tidy(() => {
    const oneHot = tf.oneHot(labels, 10).toFloat();
    let difference;
    const { value: loss, grads } = tf.variableGrads(() => {
      let h = tf.maxPool(tf.tanh(tf.add(tf.conv2d(images, conv1, 1, 'valid'), bias1)), 2, 2, 'valid');
      h = tf.maxPool(tf.tanh(tf.add(tf.conv2d(h, conv2, 1, 'valid'), bias2)), 2, 2, 'valid');
      h = tf.tanh(tf.add(tf.matMul(tf.reshape(h, [batch, 800]), fc1), bias3));
      const embedding = tf.add(tf.matMul(h, fc2), bias4);
      const logits = tf.add(tf.matMul(embedding, fc3), bias5);
      const entropy = tf.neg(tf.mean(tf.sum(tf.mul(oneHot, tf.logSoftmax(logits)), 1)));
      difference = tf.keep(tf.sub(embedding, tf.gather(centers, labels)));
      return tf.add(entropy, tf.mul(0.005 / batch, tf.sum(tf.square(difference))));
    }, trained);
    optimizer.applyGradients(Object.fromEntries(trained.map((variable) => [variable.name, tf.add(grads[variable.name], tf.mul(variable, 1e-4))])));
    const counts = tf.sum(oneHot, 0).expandDims(1);
    centers.assign(tf.add(centers, tf.mul(0.5, tf.div(tf.matMul(oneHot, difference, true), tf.add(counts, 1)))));
    difference.dispose();
    return loss.dataSync()[0];
  });
}

step();
console.log(JSON.stringify({ ready: `tfjs-node ${tf.version['tfjs-core']}` }));
for await (const line of createInterface({ input: process.stdin })) {
  const times = [];
  let loss = 0;
  for (let i = 0; i < Number(line); i++) {
    const start = performance.now();
    loss = step();
    times.push(performance.now() - start);
  }
  console.log(JSON.stringify({ times, loss }));
}
