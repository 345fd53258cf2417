import type { Symbol } from '@lossworks/graph';
import { Module, Xavier } from '@lossworks/module';
import { read, type NDArray, type TypedArray } from '@lossworks/ndarray';

/** Arrays that are fed every step, by the argument they feed. */
export type Fed = Readonly<Record<string, NDArray>>;

/** A training the way users write it: each call takes so many whole steps of a module together, as `fit` does, and reads the outputs of all; those of the last are given. */
export function createModuleTraining(symbol: Symbol, fed: { readonly data: Fed; readonly label: Fed }, optimizer: { readonly weightDecay: number; readonly rescaleGradient: number }, together = 1): () => Promise<TypedArray[]> {
  const described = (arrays: Fed) => Object.entries(arrays).map(([name, { shape }]) => ({ name, shape }));
  const [data, label] = [Object.values(fed.data), Object.values(fed.label)];
  const module = new Module(symbol, { dataNames: Object.keys(fed.data), labelNames: Object.keys(fed.label), seed: 1 });
  module.bind({ dataShapes: described(fed.data), labelShapes: described(fed.label) });
  module.initParams({ initializer: new Xavier() });
  module.initOptimizer({ optimizer: 'sgd', optimizerOptions: { learningRate: 0.001, momentum: 0.9, ...optimizer } });
  const batches = Array.from({ length: together }, () => ({ data, label }));
  return async () => (await trainTogether(module, batches)).slice(-module.outputNames.length);
}

/** A step of a module for each batch, all in one execution; gives the outputs of all. */
async function trainTogether(module: Module, batches: readonly { readonly data: readonly NDArray[]; readonly label: readonly NDArray[] }[]): Promise<TypedArray[]> {
  const kept: NDArray[] = [];
  for (const [i, batch] of batches.entries()) {
    await module.trainStep(batch, { continues: i > 0 });
    kept.push(...module.keepOutputs().flatMap(({ outputs }) => outputs));
  }
  return read(kept);
}
