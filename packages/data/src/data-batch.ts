import type { NDArray } from '@lossworks/ndarray';
import type { DataDesc } from './data-desc.js';
import type { HostArray } from './host-array.js';

/** One batch: what a network is fed, and what is known about it (MXNet `DataBatch`). */
export interface DataBatch {
  /** Arrays `[batch, …]`, in the order of `provideData`, of their source's element type unless transformed. */
  readonly data: readonly NDArray[];
  /** Labels `[batch, …]`, in the order of `provideLabel`. */
  readonly label: readonly NDArray[];
  /** The labels' elements in host memory, for metrics. */
  readonly hostLabel: readonly HostArray[];
  /** How many samples are there only to fill the batch. `rollOver` counts those it carried over. */
  readonly pad: number;
  /** Row of the source of every sample, where the iterator knows it. */
  readonly index: Int32Array | null;
  /** Name, shape and element type of each array of `data`. */
  readonly provideData: readonly DataDesc[];
  /** Name, shape and element type of each array of `label`. */
  readonly provideLabel: readonly DataDesc[];
}
