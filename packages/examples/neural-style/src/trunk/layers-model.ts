import { InputError } from '@lossworks/example-kit';

/** A model as TensorFlow.js keeps it: Keras layers, and the numbers of their weights. */
export interface LayersModel {
  readonly layers: readonly KerasLayer[];
  readonly weights: ReadonlyMap<string, Weight>;
}

export interface KerasLayer {
  readonly name: string;
  /** `Conv2D`, `Concatenate`, … */
  readonly kind: string;
  readonly config: { readonly [option: string]: unknown };
  /** Names of the layers whose outputs go in. */
  readonly inputs: readonly string[];
}

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** `model.json`, as far as it is read. */
export interface ModelJson {
  readonly modelTopology: { readonly model_config: { readonly config: { readonly layers: readonly LayerJson[] } } };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: readonly WeightJson[] }[];
}

interface LayerJson {
  readonly name: string;
  readonly class_name: string;
  readonly config: { readonly [option: string]: unknown };
  readonly inbound_nodes: readonly (readonly (readonly [name: string, ...unknown[]])[])[];
}

interface WeightJson {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly scale: number; readonly min: number; readonly dtype: 'uint8' | 'uint16' };
}

/**
 * Reads a model of TensorFlow.js from its topology and the bytes of its shards, in the manifest's order.
 *
 * @throws InputError where the bytes are fewer or more than the manifest says, and for an element type that is not known.
 */
export function readLayersModel(name: string, { modelTopology, weightsManifest }: ModelJson, shards: ReadonlyMap<string, Uint8Array>): LayersModel {
  const weights = new Map<string, Weight>();
  for (const group of weightsManifest) {
    const bytes = join(group.paths.map((path) => shards.get(path) ?? fail(name, `its shard ${path} is missing`)));
    let offset = 0;
    for (const entry of group.weights) {
      const { element, read } = encodings[entry.quantization?.dtype ?? entry.dtype] ?? fail(name, `${entry.name} holds ${entry.dtype}, which is not read here`);
      const count = entry.shape.reduce((product, length) => product * length, 1);
      const end = offset + count * element;
      if (end > bytes.length) fail(name, `its shards end at byte ${bytes.length}, ${entry.name} at ${end}; the package is damaged`);
      const stored = read(bytes.slice(offset, end).buffer);
      // Quantized numbers are q·scale + min.
      const { scale, min } = entry.quantization ?? { scale: 1, min: 0 };
      weights.set(entry.name, { shape: entry.shape, data: Float32Array.from(stored, (value) => value * scale + min) });
      offset = end;
    }
    if (offset !== bytes.length) fail(name, `its shards have ${bytes.length} bytes, its weights ${offset}; the package is damaged`);
  }
  const layers = modelTopology.model_config.config.layers.map((layer) => ({
    name: layer.name,
    kind: layer.class_name,
    config: layer.config,
    inputs: (layer.inbound_nodes[0] ?? []).map(([input]) => input),
  }));
  return { layers, weights };
}

const encodings: { readonly [dtype: string]: { readonly element: number; readonly read: (buffer: ArrayBuffer) => ArrayLike<number> } } = {
  uint8: { element: 1, read: (buffer) => new Uint8Array(buffer) },
  uint16: { element: 2, read: (buffer) => new Uint16Array(buffer) },
  float32: { element: 4, read: (buffer) => new Float32Array(buffer) },
};

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

function fail(name: string, what: string): never {
  throw new InputError(`--trunk ${name}: ${what}`);
}
