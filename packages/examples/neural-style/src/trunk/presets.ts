/** What suits a trunk: which layers, and how much of each. */
export interface Preset {
  readonly styleLayers: readonly string[];
  readonly contentLayer: string;
  readonly styleWeight: number;
  readonly contentWeight: number;
  readonly tvWeight: number;
  /** Pixels a step of a gradient of one. */
  readonly learningRate: number;
}

const packagedPresets: { readonly [trunk: string]: Preset } = {
  'inception-v3': { styleLayers: ['activation_1', 'activation_3', 'activation_5', 'mixed0', 'mixed1'], contentLayer: 'mixed1', styleWeight: 1e5, contentWeight: 1.5e4, tvWeight: 20, learningRate: 1e-3 },
  'mobilenet-v2': { styleLayers: ['Conv1_relu', 'block_1_expand_relu', 'block_3_expand_relu', 'block_6_expand_relu'], contentLayer: 'block_6_expand_relu', styleWeight: 1e5, contentWeight: 1.5e4, tvWeight: 20, learningRate: 1e-3 },
};

/** MXNet's VGG-19. */
const vgg: Preset = { styleLayers: ['relu1_1', 'relu2_1', 'relu3_1', 'relu4_1', 'relu5_1'], contentLayer: 'relu4_2', styleWeight: 1, contentWeight: 10, tvWeight: 0.01, learningRate: 1e-3 };

export function presetFor(trunk: string, layers: readonly string[]): Preset | undefined {
  if (Object.hasOwn(packagedPresets, trunk)) return packagedPresets[trunk];
  return [...vgg.styleLayers, vgg.contentLayer].every((layer) => layers.includes(layer)) ? vgg : undefined;
}
