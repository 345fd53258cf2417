/**
 * Data iterators, the MNIST reader and label remapping.
 *
 * @module @lossworks/data
 */
export { NDArrayIter, type NDArrayIterOptions } from './ndarray-iter.js';
export type { LastBatchHandle } from './batch-order.js';
export type { Sources } from './named-sources.js';
export type { ArraySource, HostArray, NestedNumbers } from './host-array.js';
export { DataIter, type DataIterState } from './data-iter.js';
export type { DataBatch } from './data-batch.js';
export { DataDesc } from './data-desc.js';
export { remapLabels } from './remap-labels.js';
export { ResizeIter } from './resize-iter.js';
export { splitBatch } from './split-batch.js';
export { readIdx } from './read-idx.js';
export { mnistFiles, readMnist, type FileLoader, type LabelledImages, type Mnist } from './mnist.js';
