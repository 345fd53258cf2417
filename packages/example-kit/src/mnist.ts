/**
 * What the example applications that learn MNIST share: the network, how it is trained, digits that move. It runs in pages too.
 *
 * @module @lossworks/example-kit/mnist
 */
export { classes, classifier, embedding } from './mnist/network.js';
export { initializer, optimizerOptions, standardized } from './mnist/recipe.js';
export { ShiftedDigits, type ShiftOptions } from './mnist/shifted-digits.js';
