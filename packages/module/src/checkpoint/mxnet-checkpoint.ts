import { Symbol } from '@lossworks/graph';
import { decodeParams, encodeParams, fromFileArray, read, type FileArray, type NDArray } from '@lossworks/ndarray';
import { checkpointPath, readWhole, writeWhole } from './files.js';

/** What MXNet keeps of a network: symbol and arrays, nothing of the training. */
export interface MxnetCheckpoint {
  /** The network. */
  readonly symbol: Symbol;
  /** Parameters by name, without `arg:`. */
  readonly argParams: Readonly<Record<string, NDArray>>;
  /** Auxiliary states by name, without `aux:`. */
  readonly auxParams: Readonly<Record<string, NDArray>>;
}

const kinds = { argParams: 'arg:', auxParams: 'aux:' } as const;

/**
 * Writes `PREFIX-symbol.json` and `PREFIX-NNNN.params`, byte for byte as MXNet 1.9 does (MXNet `save_checkpoint`).
 *
 * @throws Error naming the file where it cannot be written; RangeError for a number that is no whole number of at least 0.
 */
export async function saveMxnetCheckpoint(prefix: string, epoch: number, { symbol, ...parameters }: MxnetCheckpoint): Promise<void> {
  const entries = (['argParams', 'auxParams'] as const).flatMap((kind) => Object.entries(parameters[kind]).map(([name, array]) => [kinds[kind] + name, array] as const));
  const numbers = await read(entries.map(([, array]) => array));
  const contents = new Map(entries.map(([name, { dtype, shape }], i): [string, FileArray] => [name, { dtype, shape, data: numbers[i]! }]));
  await writeWhole(`${prefix}-symbol.json`, new TextEncoder().encode(symbol.toJSONText()));
  await writeWhole(checkpointPath(prefix, epoch, 'params'), encodeParams(contents));
}

/**
 * Reads what MXNet's `save_checkpoint` wrote (MXNet `load_checkpoint`).
 *
 * @throws Error naming the file where one is missing; RangeError naming it where it is damaged or its arrays have no names.
 */
export async function loadMxnetCheckpoint(prefix: string, epoch: number): Promise<MxnetCheckpoint> {
  const symbolPath = `${prefix}-symbol.json`;
  const json = new TextDecoder().decode(await readWhole(symbolPath));
  let symbol: Symbol;
  try {
    symbol = Symbol.loadJSON(json);
  } catch (cause) {
    throw new RangeError(`${symbolPath}: ${(cause as Error).message}`, { cause });
  }
  const path = checkpointPath(prefix, epoch, 'params');
  const contents = decodeParams(await readWhole(path), path);
  if (!(contents instanceof Map)) {
    if ((contents as readonly FileArray[]).length > 0) throw new RangeError(`${path}: its arrays have no names; read it with decodeParams and name them`);
    return { symbol, argParams: {}, auxParams: {} };
  }
  const ofKind = (prefixed: string) =>
    Object.fromEntries(
      [...(contents as ReadonlyMap<string, FileArray>)].filter(([name]) => name.startsWith(prefixed)).map(([name, item]) => [name.slice(prefixed.length), fromFileArray(item, `${path}: ${name}`)]),
    );
  return { symbol, argParams: ofKind(kinds.argParams), auxParams: ofKind(kinds.auxParams) };
}
