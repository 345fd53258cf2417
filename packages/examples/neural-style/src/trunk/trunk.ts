import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { InputError } from '@lossworks/example-kit';
import { blockGrad, group, importOnnx, pad, Symbol, variable } from '@lossworks/graph';
import { loadMxnetCheckpoint } from '@lossworks/module';
import type { NDArray, Shape } from '@lossworks/ndarray';
import { kerasNetwork, type Network } from './keras-trunk.js';
import { readPackagedModel } from './packaged-model.js';
import { networkInput, type PixelScale, type PixelScaleName, pixelScales } from './pixels.js';
import { type Preset, presetFor } from './presets.js';

/** A pretrained network whose layers say what a picture looks like. */
export interface Trunk {
  readonly name: string;
  readonly pixels: PixelScale;
  /** Pixels that an image is mirrored by around it: a network that does not pad sees less of a border than of what is within. */
  readonly margin: number;
  /** Layers and weights that suit it; undefined for a network that is not known. */
  readonly preset: Preset | undefined;
  /** Symbol over `data` and numbers, for images of this height and width. */
  network(size: readonly [height: number, width: number]): Network;
}

export interface TrunkOptions {
  /** What the network takes for a pixel, unless it is known. */
  readonly pixels?: PixelScaleName | undefined;
  /** `average` in place of every maximum, as MXNet's neural style does. */
  readonly pooling: 'average' | 'as-trained';
}

const packaged = ['inception-v3', 'mobilenet-v2'] as const;

/**
 * A trunk by its name, from an ONNX file, or from MXNet's files `PREFIX-symbol.json` and `PREFIX-0000.params`.
 *
 * @throws InputError where there is none, or its files are damaged or do not fit each other.
 */
export async function loadTrunk(name: string, { pixels, pooling }: TrunkOptions): Promise<Trunk> {
  const pooled = (network: Network): Network => (pooling === 'average' ? { ...network, symbol: averaged(network.symbol) } : network);
  const known = packaged.find((each) => each === name);
  if (known) {
    const model = await readPackagedModel(known);
    return { name, pixels: pixelScales[pixels ?? 'keras'], margin: 16, preset: presetFor(known, []), network: (size) => pooled(kerasNetwork(model, size)) };
  }
  const network = pooled(name.endsWith('.onnx') ? await fromOnnx(name) : await fromMxnet(name));
  const preset = presetFor(name, layerNames(network.symbol));
  return { name, pixels: pixelScales[pixels ?? 'mxnet'], margin: 0, preset, network: () => network };
}

/**
 * The outputs of some layers of a trunk, over `data`: images (1, 3, H, W) as differences from MXNet's mean colour.
 *
 * @throws InputError naming the layers there are, where one is unknown; and where the numbers do not fit the network.
 */
export function trunkFeatures(trunk: Trunk, layers: readonly { readonly layer: string; readonly option: string }[], size: readonly [number, number]): Features {
  const { margin } = trunk;
  if (Math.min(...size) <= margin) throw new InputError(`--size: images of ${size[1]} × ${size[0]} pixels are too small for --trunk ${trunk.name}; they must be larger than ${margin} each way`);
  const { symbol, args, auxiliaryStates } = trunk.network([size[0] + 2 * margin, size[1] + 2 * margin]);
  const internals = symbol.getInternals();
  const known = new Set(internals.listOutputs());
  const chosen = layers.map(({ layer, option }) => {
    const output = [`${layer}_output`, layer].find((each) => known.has(each));
    if (!output) throw new InputError(`${option}: --trunk ${trunk.name} has no layer ${layer}; its layers are ${layerNames(symbol).join(', ')}`);
    return internals.get(output);
  });
  const input = networkInput(mirrored(variable('data'), margin), trunk.pixels);
  const features = group(chosen).compose({ data: input.symbol });
  const all = { ...args, ...input.args };
  const names = features.listArguments();
  const missing = [...names.filter((name) => name !== 'data' && !all[name]), ...features.listAuxiliaryStates().filter((name) => !auxiliaryStates[name])];
  if (missing.length > 0) throw new InputError(`--trunk ${trunk.name}: its weights lack ${missing.join(', ')}; the two files are not of the same network`);
  const numbers = Object.fromEntries(names.filter((name) => name !== 'data').map((name) => [name, all[name]!]));
  const states = Object.fromEntries(features.listAuxiliaryStates().map((name) => [name, auxiliaryStates[name]!]));
  let outputs: readonly Shape[];
  try {
    outputs = features.inferShapePartial({ data: [1, 3, ...size], ...shapesOf(numbers), ...shapesOf(states) }).outputs;
  } catch (error) {
    throw new InputError(`--trunk ${trunk.name}: its weights and images of ${size[1]} × ${size[0]} pixels do not fit the network: ${(error as Error).message}`);
  }
  const flat = outputs.findIndex((shape) => shape.length !== 4);
  if (flat >= 0) throw new InputError(`${layers[flat]!.option}: layer ${layers[flat]!.layer} of --trunk ${trunk.name} has no height and width; choose one before the images are flattened`);
  return { symbol: features, args: numbers, auxiliaryStates: states, shapes: outputs.map(([, ...shape]) => shape as unknown as FeatureShape) };
}

/** The image and, around it, what mirrors it. No gradient comes from there: a border would count twice, a corner four times. */
function mirrored(image: Symbol, margin: number): Symbol {
  if (margin === 0) return image;
  const padWidth = [0, 0, 0, 0, margin, margin, margin, margin];
  const surrounded = blockGrad({ data: pad({ data: image, mode: 'reflect', padWidth }) });
  // Nought everywhere, with the image's gradient.
  const within = pad({ data: image.sub(blockGrad({ data: image })), mode: 'constant', padWidth });
  return surrounded.add(within);
}

/** Features of some layers, and their channels, heights and widths. */
export interface Features extends Network {
  readonly shapes: readonly FeatureShape[];
}

export type FeatureShape = readonly [channels: number, height: number, width: number];

function shapesOf(arrays: { readonly [name: string]: NDArray }): { [name: string]: Shape } {
  return Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]));
}

/** Layers of images: everything but variables. */
function layerNames(symbol: Symbol): string[] {
  return symbol.nodes().filter((node) => !node.isVariable).map(({ name }) => name);
}

async function fromOnnx(path: string): Promise<Network> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`--trunk: cannot read ${path} (${error.code ?? 'unknown reason'})`);
  });
  try {
    const { symbol, args, auxiliaryStates } = importOnnx(bytes);
    const inputs = symbol.listArguments().filter((name) => !args[name]);
    if (inputs.length !== 1) throw new RangeError(`it has ${inputs.length} inputs (${inputs.join(', ')}), where one image is needed`);
    return { symbol: inputs[0] === 'data' ? symbol : symbol.compose({ [inputs[0]!]: variable('data') }), args, auxiliaryStates };
  } catch (error) {
    throw new InputError(`--trunk ${path}: ${(error as Error).message}`);
  }
}

async function fromMxnet(prefix: string): Promise<Network> {
  if (!existsSync(`${prefix}-symbol.json`)) {
    throw new InputError(`--trunk: there is no ${prefix}-symbol.json; give ${packaged.join(', ')}, an .onnx file, or the prefix of MXNet's files -symbol.json and -0000.params`);
  }
  try {
    const { symbol, argParams, auxParams } = await loadMxnetCheckpoint(prefix, 0);
    return { symbol, args: argParams, auxiliaryStates: auxParams };
  } catch (error) {
    throw new InputError(`--trunk: ${(error as Error).message}`);
  }
}

/** The same network with averages in place of maxima. */
function averaged(symbol: Symbol): Symbol {
  const json = symbol.toJSON() as { nodes: { op: string; attrs?: { pool_type?: string } }[] };
  for (const { op, attrs } of json.nodes) if (op === 'Pooling' && attrs && attrs.pool_type !== 'avg') attrs.pool_type = 'avg';
  return Symbol.loadJSON(json);
}
