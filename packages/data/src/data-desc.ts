import type { DType, Shape } from '@lossworks/ndarray';

/** Name, shape and element type of one array of a batch (MXNet `DataDesc`). */
export class DataDesc {
  constructor(
    /** The argument of a network that the array feeds. */
    readonly name: string,
    /** The whole batch's, the batch axis included. */
    readonly shape: Shape,
    /** Element type; 'float32' unless told. */
    readonly dtype: DType = 'float32',
    /** One letter an axis, 'NCHW' unless told; `N` is the batch. Null: axis 0 is. */
    readonly layout: string | null = 'NCHW',
  ) {}

  /** The axis of the samples: 0 where there is no layout, −1 where the layout has no `N`. */
  get batchAxis(): number {
    return this.layout === null ? 0 : this.layout.indexOf('N');
  }
}
