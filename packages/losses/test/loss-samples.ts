import { lossInfos, trainedTableInfos, type LossInfo, type LossSample, type LossSampleInputs } from '@lossworks/testing';
import { array, type NDArray } from '@lossworks/ndarray';
import { variable, type Symbol } from '@lossworks/graph';
import { lossFunctions, trainedTableLosses } from '../src/index.js';

/** A loss function without its types, as the table walkers call it. */
export interface AnyLoss {
  (options: { readonly [option: string]: unknown }): NDArray & Symbol;
  readonly loss: { readonly name: string; readonly samples: 'apart' | 'together'; readonly inputs: readonly string[]; readonly peers: readonly string[] };
}

export interface NamedSample {
  readonly title: string;
  readonly name: string;
  readonly loss: AnyLoss;
  readonly info: LossInfo;
  readonly sample: LossSample;
}

const functions: { readonly [name: string]: unknown } = { ...lossFunctions, ...trainedTableLosses };
const infos: { readonly [name: string]: LossInfo } = { ...lossInfos, ...trainedTableInfos };

/** Every sample of every loss function. */
export const samples: readonly NamedSample[] = Object.entries(infos).flatMap(([name, info]) =>
  Object.entries(info.samples).map(([what, sample]) => ({ title: `${name}: ${what}`, name, loss: functions[name] as AnyLoss, info, sample })));

/** The first sample of every loss function. */
export const plainSamples: readonly NamedSample[] = samples.filter(({ name }, i) => samples.findIndex((other) => other.name === name) === i);

export function arraysOf(inputs: LossSampleInputs): { [option: string]: NDArray } {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, array([...data], { shape })]));
}

export function variablesOf(inputs: LossSampleInputs): { [option: string]: Symbol } {
  return Object.fromEntries(Object.keys(inputs).map((name) => [name, variable(name)]));
}
