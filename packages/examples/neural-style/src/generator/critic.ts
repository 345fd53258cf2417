import { bind, type Executor, variable } from '@lossworks/graph';
import { type NDArray, zeros } from '@lossworks/ndarray';
import { gramMatrix, type GramScaleName, gramScales } from '../style/gram.js';
import type { LossLayers } from '../style/style-loss.js';
import { totalVariationExecutor } from '../style/total-variation.js';
import { type Features, type Trunk, trunkFeatures } from '../trunk/trunk.js';

export interface CriticOptions {
  readonly trunk: Trunk;
  readonly layers: LossLayers;
  readonly layerWeights: readonly number[];
  readonly styleWeight: number;
  readonly contentWeight: number;
  readonly tvWeight: number;
  readonly gram: GramScaleName;
}

/** What the style's matrices and a content's features are compared with, and how. */
export interface Targets {
  readonly grams: readonly NDArray[];
  readonly content: NDArray;
}

/**
 * Says how far an image is from style and content, and into which direction it should go: ½·weight·Σ(difference)², so that the difference itself is the
 * gradient. Every derivative is handed on by hand, from executor to executor.
 */
export class Critic {
  /** ½ Σ weight·difference², one a style layer, then the content's. */
  readonly losses: readonly NDArray[];
  /** Direction for the image, the smoothness not counted. */
  readonly gradient: NDArray;
  readonly #descriptor: Executor;
  readonly #grams: readonly Executor[];
  readonly #smoothness: Executor | undefined;
  readonly #weights: readonly number[];

  /** @param image judged as it is whenever `judge` is called */
  constructor(
    private readonly image: NDArray,
    private readonly targets: Targets,
    options: CriticOptions,
  ) {
    const { symbol, args, auxiliaryStates, shapes } = criticFeatures(options, image);
    this.#descriptor = bind(symbol, { args: { ...args, data: image }, auxiliaryStates, gradients: { data: zeros(image.shape) } });
    const styles = options.layers.style;
    this.#grams = styles.map((layer, i) => {
      const features = this.#descriptor.outputs[i]!;
      return bind(gramMatrix(variable('features'), shapes[i]!, `gram_${layer}`), { args: { features }, gradients: { features: zeros(features.shape) } });
    });
    this.#weights = [...styles.map((_, i) => (options.styleWeight * options.layerWeights[i]!) / gramScales[options.gram](shapes[i]!)), options.contentWeight];
    this.#smoothness = options.tvWeight > 0 ? totalVariationExecutor(image, options.tvWeight) : undefined;
    this.losses = this.#weights.map(() => zeros([]));
    this.gradient = this.#descriptor.gradDict['data']!;
  }

  /** Records losses and gradient of the image as it is. */
  async judge(): Promise<void> {
    await this.#descriptor.forward({ isTrain: true });
    const heads: NDArray[] = [];
    for (const [i, gram] of this.#grams.entries()) {
      await gram.forward({ isTrain: true });
      await gram.backward(this.#weighted(i, gram.outputs[0]!.sub(this.targets.grams[i]!)));
      heads.push(gram.gradDict['features']!);
    }
    const last = this.#grams.length;
    await this.#descriptor.backward([...heads, this.#weighted(last, this.#descriptor.outputs[last]!.sub(this.targets.content))]);
  }

  /** The gradient of the smoothness, zeros where it has no weight. */
  async smoothness(): Promise<NDArray> {
    if (!this.#smoothness) return zeros(this.image.shape);
    return (await this.#smoothness.forward())[0]!;
  }

  /** weight·difference; notes the loss it is the gradient of. */
  #weighted(i: number, difference: NDArray): NDArray {
    this.losses[i]!.assign(difference.square().sum().mul(this.#weights[i]! / 2));
    return difference.mul(this.#weights[i]!);
  }
}

/** The style layers' features, then the content layer's. */
export function criticFeatures({ trunk, layers: { style, content } }: Pick<CriticOptions, 'trunk' | 'layers'>, image: NDArray): Features {
  const layers = [...style.map((layer) => ({ layer, option: '--style-layers' })), { layer: content, option: '--content-layer' }];
  return trunkFeatures(trunk, layers, image.shape.slice(2) as [number, number]);
}

/** The content layer's features alone. */
export function contentFeatures({ trunk, layers: { content } }: Pick<CriticOptions, 'trunk' | 'layers'>, image: NDArray): Features {
  return trunkFeatures(trunk, [{ layer: content, option: '--content-layer' }], image.shape.slice(2) as [number, number]);
}
