import { type LayersModel, type ModelJson, readLayersModel } from './layers-model.js';

/** What nsfwjs exports for a model: topology and shards, each loaded when asked for. */
interface ModelDefinition {
  readonly modelJson: () => Promise<{ readonly default: ModelJson }>;
  readonly weightBundles: readonly (() => Promise<{ readonly default: string }>)[];
}

/** Models trained on ImageNet whose weights are inside the package nsfwjs, as base64 in the shards. */
const packagedModels = {
  'inception-v3': async (): Promise<ModelDefinition> => (await import('nsfwjs/models/inception_v3')).InceptionV3Model as unknown as ModelDefinition,
  'mobilenet-v2': async (): Promise<ModelDefinition> => (await import('nsfwjs/models/mobilenet_v2')).MobileNetV2Model as unknown as ModelDefinition,
};

export type PackagedModelName = keyof typeof packagedModels;

export async function readPackagedModel(name: PackagedModelName): Promise<LayersModel> {
  const { json, shards } = await packagedModelFiles(name);
  return readLayersModel(name, json, shards);
}

/** Topology and shards as they are. */
export async function packagedModelFiles(name: PackagedModelName): Promise<{ readonly json: ModelJson; readonly shards: ReadonlyMap<string, Uint8Array> }> {
  const { modelJson, weightBundles } = await packagedModels[name]();
  const { default: json } = await modelJson();
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const shards = await Promise.all(weightBundles.map(async (load, i) => [paths[i]!, Buffer.from((await load()).default, 'base64')] as const));
  return { json, shards: new Map(shards) };
}
