import type { NDArrayIter } from '@lossworks/data';
import type { Embedding } from '@lossworks/example-kit';
import { group, type Symbol } from '@lossworks/graph';
import { Module, type ModuleParameters } from '@lossworks/module';
import { measuresOf, trainingMetric } from './measures.js';
import type { Measures } from './history.js';
import { centerLossOutput, embeddingOutput } from './network.js';
import { classMeans } from './spread.js';

export interface Evaluation {
  readonly test: Measures;
  readonly embedding: Embedding;
}

/** Runs a network over all digits of an iterator, without training: how good it is, and where it puts each digit. */
export class Evaluator {
  readonly #module: Module;
  readonly #digits: NDArrayIter;
  readonly #hasCenters: boolean;

  constructor(network: Symbol, digits: NDArrayIter) {
    this.#digits = digits;
    this.#hasCenters = network.listOutputs().includes(centerLossOutput);
    const labelNames = digits.provideLabel.map(({ name }) => name);
    this.#module = new Module(group([network, network.getInternals().get(embeddingOutput)]), { labelNames });
    this.#module.bind({ dataShapes: digits.provideData, labelShapes: digits.provideLabel, forTraining: false });
  }

  async evaluate({ argParams, auxParams }: ModuleParameters): Promise<Evaluation> {
    this.#module.setParams(argParams, auxParams);
    const metric = trainingMetric(this.#hasCenters);
    const points: number[] = [];
    const labels: number[] = [];
    for await (const { outputs, batch } of this.#module.iterPredict(this.#digits)) {
      const rows = this.#digits.batchSize - batch.pad;
      const arrays = await Promise.all(outputs.map(async (output) => ({ data: await output.data(), shape: output.shape })));
      const named = Object.fromEntries(this.#module.outputNames.map((name, i) => [name, arrays[i]!]));
      const real = batch.hostLabel.map(({ data }) => ({ data: data.subarray(0, rows), shape: [rows] }));
      metric.updateDict(Object.fromEntries(batch.provideLabel.map(({ name }, i) => [name, real[i]!])), named);
      points.push(...named[embeddingOutput]!.data);
      labels.push(...real[0]!.data);
    }
    const places = { points: Float32Array.from(points), labels };
    const [centers] = Object.values(auxParams);
    return { test: measuresOf(metric), embedding: { ...places, centers: centers ? ((await centers.data()) as Float32Array) : classMeans(places) } };
  }
}

