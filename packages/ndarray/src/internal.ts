// What recording is made of, for tests and tools. No part of the public interface: it may change with any release.
export { Heap } from './engines/loops/heap.js';
export { type Loop, takeLoops } from './engines/loops/loop.js';
export { operations } from './engines/loops/operations.js';
export { derivatives, type Derivative } from './primitives/derivatives.js';
export type { ConvolutionAttributes, WindowAttributes } from './primitives/primitive.js';
export { shapeRules, type Signature } from './primitives/shape-rules.js';
export { outline, programOf, resolve, signatureOf, type Outline } from './program/program.js';
export { rewrite } from './program/rewrite.js';
export { record } from './recording/record.js';
export { Value, type Step } from './recording/value.js';
