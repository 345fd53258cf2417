import type { HostArray } from '@lossworks/data';
import { array, hostData, type DType, type NDArray, type Shape } from '@lossworks/ndarray';

/** Name and shape of an array of every batch, the batch axis included; `DataDesc` is one. */
export interface NamedShape {
  /** The argument of the network that the array feeds. */
  readonly name: string;
  /** The whole batch's, such as `[batch, channels, height, width]`. */
  readonly shape: Shape;
  /** Element type of the source; the network is fed float32 whatever it is. */
  readonly dtype?: DType;
  /** Axis of the samples; 0 unless told. */
  readonly batchAxis?: number;
}

/** What a module is fed: a `DataBatch` of an iterator, or as little as `{ data: [x], label: [y] }`. */
export interface Batch {
  /** Arrays of the batch, in the order of `provideData`; another element type than float32 is converted. */
  readonly data: readonly NDArray[];
  /** Labels of the batch, in the order of `provideLabel`; none is fine where nothing reads them. */
  readonly label?: readonly NDArray[];
  /** The labels in host memory, so that metrics need not read them back. */
  readonly hostLabel?: readonly HostArray[];
  /** How many samples at the end are there only to fill the batch; 0 unless told. */
  readonly pad?: number;
  /** Names in the order of `data`; those of `bind` unless told. */
  readonly provideData?: readonly NamedShape[];
  /** Names in the order of `label`; those of `bind` unless told. */
  readonly provideLabel?: readonly NamedShape[];
}

/** Samples of a batch, those included that only fill it. */
export function batchSizeOf({ data, provideData }: Batch): number {
  return data[0]?.shape[provideData?.[0]?.batchAxis ?? 0] ?? 0;
}

/**
 * Arrays of a batch by argument name, as float32.
 *
 * @param wanted names that the network has; others are left out. All unless told.
 */
export function feedsOf(
  arrays: readonly NDArray[],
  described: readonly NamedShape[] | undefined,
  bound: readonly NamedShape[],
  what: string,
  wanted?: readonly string[],
): Map<string, NDArray> {
  const named = [...namedArrays(arrays, described ?? bound, what)].filter(([name]) => wanted === undefined || wanted.includes(name));
  return new Map(named.map(([name, item]) => [name, asFloat(item, what === 'label')]));
}

/** Labels in host memory stay there, where their range can be checked; everything else is converted inside the compiled step. */
function asFloat(item: NDArray, isLabel: boolean): NDArray {
  if (item.dtype === 'float32') return item;
  const host = isLabel ? hostData(item) : undefined;
  return host ? array(Float32Array.from(host), { shape: item.shape }) : item.cast('float32');
}

/** Shapes of everything that is fed. A batch without labels has those that were bound, for as many samples as it has. */
export function shapesOf(
  data: ReadonlyMap<string, NDArray>,
  label: ReadonlyMap<string, NDArray>,
  bound: { readonly dataShapes: readonly NamedShape[]; readonly labelShapes?: readonly NamedShape[] },
): Map<string, Shape> {
  const shapes = new Map([...data, ...label].map(([name, { shape }]) => [name, shape]));
  const [first] = bound.dataShapes;
  const axis = first?.batchAxis ?? 0;
  const [boundSize, size] = [first?.shape[axis], first && shapes.get(first.name)?.[axis]];
  for (const { name, shape, batchAxis = 0 } of label.size > 0 ? [] : (bound.labelShapes ?? [])) {
    shapes.set(name, shape.map((length, i) => (i === batchAxis && length === boundSize && size !== undefined ? size : length)));
  }
  return shapes;
}

/** The labels in host memory by name; those that an engine would have to be asked for as arrays. */
export function hostLabels(batch: Batch, bound: readonly NamedShape[]): ReadonlyMap<string, HostArray | NDArray> {
  const named = namedArrays(batch.label ?? [], batch.provideLabel ?? (batch.label ? bound : []), 'label');
  return new Map(
    [...named].map(([name, label], i) => {
      const data = batch.hostLabel?.[i]?.data ?? hostData(label);
      return [name, data ? { data, shape: label.shape } : label];
    }),
  );
}

function namedArrays(arrays: readonly NDArray[], described: readonly NamedShape[], what: string): Map<string, NDArray> {
  if (arrays.length !== described.length) {
    const names = described.map(({ name }) => name).join(', ') || 'none';
    throw new RangeError(`forward: the batch has ${arrays.length} ${what} array(s), bound are ${names}; give one array a name, in that order`);
  }
  return new Map(described.map(({ name }, i) => [name, arrays[i]!]));
}
