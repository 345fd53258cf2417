import { bind } from '@lossworks/graph';
import { array, type NDArray, RandomGenerator, sqrt, waitAll, zeros } from '@lossworks/ndarray';
import { createOptimizer, FactorScheduler, type Optimizer } from '@lossworks/optim';
import type { Picture } from '../image/picture.js';
import { imageOf } from '../trunk/pixels.js';
import type { Trunk } from '../trunk/trunk.js';
import { clippedByNorm } from './clip-by-norm.js';
import { type GramScaleName, gramScales } from './gram.js';
import type { OptimizerName } from './nstyle-options.js';
import { type LossLayers, lossSymbol, styleContent, targetsOf } from './style-loss.js';
import { totalVariationExecutor } from './total-variation.js';

export interface StyleTransferOptions {
  readonly trunk: Trunk;
  readonly content: Picture;
  readonly style: Picture;
  readonly layers: LossLayers;
  /** One a style layer. */
  readonly layerWeights: readonly number[];
  readonly styleWeight: number;
  readonly contentWeight: number;
  readonly tvWeight: number;
  readonly gram: GramScaleName;
  readonly optimizer: OptimizerName;
  /** The optimizer's own where it is undefined. */
  readonly learningRate: number | undefined;
  readonly start: 'noise' | 'content';
  readonly seed: number;
}

/** An image on its way from noise to a picture. */
export interface StyleTransfer {
  /** (1, 3, H, W), changed by every step. */
  readonly image: NDArray;
  /** Names of the losses' layers. */
  readonly lossNames: readonly string[];
  /** Of the last step, before its update, weighted: one a style layer, then the content's. */
  readonly losses: readonly NDArray[];
  /** ‖change‖ / ‖image‖ of the last step, shape (). */
  readonly relativeChange: NDArray;
  /** Records one iteration. Nothing is computed before somebody reads. */
  step(): Promise<void>;
}

export async function createStyleTransfer(options: StyleTransferOptions): Promise<StyleTransfer> {
  const { trunk, content, layers, gram, styleWeight, contentWeight, layerWeights } = options;
  const size = [content.height, content.width] as const;
  const style = await targetsOf(trunk, layers, options.style);
  const target = await targetsOf(trunk, layers, content);

  const network = styleContent(trunk, layers, size);
  const image = startImage(options);
  // A style picture of another size has another number of places that its matrices sum over.
  const places = ([, height, width]: readonly number[]) => height! * width!;
  const targets = style.grams.map((matrix, i) => zeros(matrix.shape).assign(matrix.mul(places(network.shapes[i]!) / places(style.shapes[i]!))));
  // So that the first iteration is the same program as the others.
  await waitAll();
  const executor = bind(lossSymbol(network), {
    args: { ...network.args, data: image, ...Object.fromEntries(targets.map((matrix, i) => [`target_gram_${i}`, matrix])), target_content: target.content },
    auxiliaryStates: network.auxiliaryStates,
    gradients: { data: zeros(image.shape) },
  });
  const weights = [...layers.style.map((_, i) => (styleWeight * layerWeights[i]!) / gramScales[gram](network.shapes[i]!)), contentWeight];
  const heads = weights.map((weight) => array([weight]));
  const roughness = options.tvWeight > 0 ? totalVariationExecutor(image, options.tvWeight) : undefined;
  const gradient = executor.gradDict['data']!;
  const losses = heads.map(() => zeros([1]));
  const relativeChange = zeros([]);

  const optimizer = optimizers[options.optimizer](options.learningRate);
  const state = optimizer.createState(0, image);

  return {
    image,
    lossNames: [...layers.style, `${layers.content} (content)`],
    losses,
    relativeChange,
    async step() {
      const before = image.snapshot();
      await executor.forward({ isTrain: true });
      await executor.backward(heads);
      losses.forEach((loss, i) => loss.assign(executor.outputs[i]!.mul(heads[i]!)));
      // MXNet's limit: a norm as large as the number of elements.
      const clipped = clippedByNorm(gradient, image.size);
      await roughness?.forward();
      optimizer.update(0, image, roughness ? clipped.add(roughness.outputs[0]!) : clipped, state);
      relativeChange.assign(norm(image.sub(before)).div(norm(image)));
    },
  };
}

const optimizers: { readonly [Name in OptimizerName]: (learningRate: number | undefined) => Optimizer } = {
  // MXNet's neural style.
  nag: (learningRate = 1e-3) => createOptimizer('nag', { learningRate, momentum: 0.95, weightDecay: 1e-4, scheduler: new FactorScheduler({ step: 75, factor: 0.9 }) }),
  adam: (learningRate = 8) => createOptimizer('adam', { learningRate }),
};

const norm = (x: NDArray): NDArray => sqrt(x.square().sum());

function startImage({ content, start, seed }: StyleTransferOptions): NDArray {
  if (start === 'content') return imageOf(content);
  const shape = [1, 3, content.height, content.width];
  return zeros(shape).assign(new RandomGenerator(seed).uniform(shape, -0.1, 0.1));
}
