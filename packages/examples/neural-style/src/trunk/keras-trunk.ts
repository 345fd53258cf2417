import { group, Symbol, variable } from '@lossworks/graph';
import type { NDArray } from '@lossworks/ndarray';
import { kerasLayers } from './keras-layers.js';
import type { KerasLayer, LayersModel } from './layers-model.js';

/** A network as symbol and numbers. */
export interface Network {
  readonly symbol: Symbol;
  readonly args: { readonly [name: string]: NDArray };
  readonly auxiliaryStates: { readonly [name: string]: NDArray };
}

/**
 * The convolutional part of a Keras model as a symbol over `data` (1, 3, H, W), one output a layer, for images of the given size (TensorFlow's padding depends
 * on it). Batch normalization that alone follows a convolution is folded into it, and the two are one layer by the normalization's name.
 */
export function kerasNetwork({ layers, weights }: LayersModel, size: readonly [height: number, width: number]): Network {
  const outputs = new Map<string, Symbol>();
  const args: { [name: string]: NDArray } = {};
  const auxiliaryStates: { [name: string]: NDArray } = {};
  const normalizations = foldable(layers);
  const folded = new Set(normalizations.values());
  const shape = [1, 3, ...size];
  for (const layer of layers) {
    if (layer.kind === 'InputLayer') {
      outputs.set(layer.name, variable('data'));
      continue;
    }
    const inputs = layer.inputs.map((name) => outputs.get(name));
    const build = Object.hasOwn(kerasLayers, layer.kind) ? kerasLayers[layer.kind] : undefined;
    if (!build || inputs.some((input) => input === undefined)) continue;
    if (folded.has(layer)) {
      outputs.set(layer.name, inputs[0]!);
      continue;
    }
    const symbol = build({
      layer,
      inputs: inputs as Symbol[],
      normalization: normalizations.get(layer),
      args,
      auxiliaryStates,
      weight: (kind, { name } = layer) => {
        const weight = weights.get(`${name}/${kind}`);
        if (!weight) throw new RangeError(`${name}: the model has no weights ${name}/${kind}`);
        return weight;
      },
      spatial: () => inputs[0]!.inferShapePartial({ data: shape }).outputs[0]!.slice(2) as [number, number],
    });
    outputs.set(layer.name, symbol);
  }
  return { symbol: group([...new Set(outputs.values())].slice(1)), args, auxiliaryStates };
}

/** Convolutions with nothing but a normalization behind them. */
function foldable(layers: readonly KerasLayer[]): Map<KerasLayer, KerasLayer> {
  const followers = new Map<string, KerasLayer[]>();
  for (const layer of layers) for (const input of layer.inputs) followers.set(input, [...(followers.get(input) ?? []), layer]);
  const found = new Map<KerasLayer, KerasLayer>();
  for (const layer of layers) {
    const [next, ...others] = followers.get(layer.name) ?? [];
    if (layer.kind.endsWith('Conv2D') && layer.config['activation'] === 'linear' && next?.kind === 'BatchNormalization' && others.length === 0) found.set(layer, next);
  }
  return found;
}
