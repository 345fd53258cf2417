import { fullyConnected, reshape, type Symbol } from '@lossworks/graph';
import type { FeatureShape } from '../trunk/trunk.js';

/** The Gram matrix x·xᵀ (C, C) of features (1, C, H, W), not normalised, as MXNet's neural style takes it: a layer fully connected to itself. */
export function gramMatrix(features: Symbol, [channels, height, width]: FeatureShape, name: string): Symbol {
  const rows = reshape({ data: features, shape: [channels, height * width], name: `${name}_rows` });
  return fullyConnected({ data: rows, weight: rows, noBias: true, numHidden: channels, name });
}

/** What the squared difference of two unnormalised Gram matrices is divided by. */
export const gramScales = {
  /** C·H·W·C (MXNet's nstyle.py: less than Gatys by one H·W and a 4). */
  mxnet: ([channels, height, width]: FeatureShape) => channels * channels * height * width,
  /** 4·C²·(H·W)² (Gatys, Ecker and Bethge 2016). */
  gatys: ([channels, height, width]: FeatureShape) => 4 * (channels * height * width) ** 2,
  /** (C·H·W)² (Johnson, Alahi and Fei-Fei 2016: matrices over C·H·W). */
  johnson: ([channels, height, width]: FeatureShape) => (channels * height * width) ** 2,
} as const;

export type GramScaleName = keyof typeof gramScales;
