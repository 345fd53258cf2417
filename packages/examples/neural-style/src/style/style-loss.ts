import { bind, group, square, sum, type Symbol, variable } from '@lossworks/graph';
import { type NDArray, waitAll } from '@lossworks/ndarray';
import { imageOf } from '../trunk/pixels.js';
import { type FeatureShape, type Features, type Trunk, trunkFeatures } from '../trunk/trunk.js';
import type { Picture } from '../image/picture.js';
import { gramMatrix } from './gram.js';

/** Which layers tell style and content. */
export interface LossLayers {
  readonly style: readonly string[];
  readonly content: string;
}

/** Gram matrices of the style layers, then the content layer's features, over `data`; shapes are those of the features. */
export function styleContent(trunk: Trunk, { style, content }: LossLayers, size: readonly [height: number, width: number]): Features {
  const layers = [...style.map((layer) => ({ layer, option: '--style-layers' })), { layer: content, option: '--content-layer' }];
  const features = trunkFeatures(trunk, layers, size);
  const grams = style.map((layer, i) => gramMatrix(features.symbol.get(i), features.shapes[i]!, `gram_${layer}`));
  return { ...features, symbol: group([...grams, features.symbol.get(style.length)]) };
}

/**
 * The losses: Σ(target_gram_i − G_i)² for each style layer, then Σ(target_content − F)². Targets are plain arguments, and nothing is scaled: that is left to the
 * head gradients.
 */
export function lossSymbol({ symbol }: Features): Symbol {
  const styleCount = symbol.length - 1;
  const difference = (target: string, name: string, i: number): Symbol => sum({ data: square({ data: variable(target).sub(symbol.get(i)) }), name });
  return group([...Array.from({ length: styleCount }, (_, i) => difference(`target_gram_${i}`, `style_loss_${i}`, i)), difference('target_content', 'content_loss', styleCount)]);
}

/** What a picture's Gram matrices and content features are: one forward pass of an executor of its own, which is then let go. */
export async function targetsOf(trunk: Trunk, layers: LossLayers, picture: Picture): Promise<{ readonly grams: readonly NDArray[]; readonly content: NDArray; readonly shapes: readonly FeatureShape[] }> {
  const { symbol, args, auxiliaryStates, shapes } = styleContent(trunk, layers, [picture.height, picture.width]);
  const executor = bind(symbol, { args: { ...args, data: imageOf(picture) }, auxiliaryStates, gradReq: 'null' });
  await executor.forward();
  await waitAll();
  return { grams: executor.outputs.slice(0, -1), content: executor.outputs.at(-1)!, shapes };
}
