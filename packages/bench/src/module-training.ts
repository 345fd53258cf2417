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
  return async () => {
    const kept: NDArray[] = [];
    for (let step = 0; step < together; step++) {
      await module.trainStep({ data, label }, { continues: step > 0 });
      kept.push(...module.keepOutputs().flatMap(({ outputs }) => outputs));
    }
    return (await read(kept)).slice(-module.outputNames.length);
  };
}
