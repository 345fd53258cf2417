import { NDArray } from '@lossworks/ndarray';
import { type ArraySource, hostArray, type HostArray } from './host-array.js';

/**
 * One source `[samples, …]`, a list of several (typed arrays or elements with shapes), or several by name. Names of an object are sorted, as MXNet
 * does; a map keeps its order.
 */
export type Sources<S = ArraySource> = S | readonly S[] | Readonly<Record<string, S>> | ReadonlyMap<string, S>;

/** Sources with their names: the default name, `_0_` and so on before it in a list of several. */
export function namedSources(sources: Sources, defaultName: string): (HostArray & { readonly name: string })[] {
  return entriesOf(sources, defaultName).map(([name, source]) => ({ name, ...hostArray(source, name) }));
}

/** Reads the arrays among the sources into host memory. */
export async function readSources(sources: Sources<ArraySource | NDArray>, defaultName: string): Promise<ReadonlyMap<string, ArraySource>> {
  const read = async (source: ArraySource | NDArray): Promise<ArraySource> =>
    source instanceof NDArray ? { data: await source.data(), shape: source.shape } : source;
  const entries = entriesOf(sources, defaultName);
  return new Map(await Promise.all(entries.map(async ([name, source]) => [name, await read(source)] as const)));
}

function entriesOf<S extends ArraySource | NDArray>(sources: Sources<S>, defaultName: string): (readonly [string, S])[] {
  if (sources instanceof Map) return [...(sources as ReadonlyMap<string, S>)];
  if (isSingle(sources)) return [[defaultName, sources as S]];
  if (Array.isArray(sources)) {
    const list = sources as readonly S[];
    return list.length === 1 ? [[defaultName, list[0]!]] : list.map((source, i) => [`_${i}_${defaultName}`, source]);
  }
  return Object.entries(sources as Readonly<Record<string, S>>).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A list whose items are numbers or lists is one nested array; an object with `data` and `shape` lists is one array too. */
function isSingle(sources: Sources<ArraySource | NDArray>): boolean {
  if (sources instanceof NDArray || ArrayBuffer.isView(sources)) return true;
  if (Array.isArray(sources)) return sources.every((item) => typeof item === 'number' || Array.isArray(item));
  return 'shape' in sources && 'data' in sources && Array.isArray(sources.shape);
}
