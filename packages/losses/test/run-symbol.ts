import { simpleBind, type Executor, type Symbol } from '@lossworks/graph';
import { array, RandomGenerator, type NDArray, type Shape } from '@lossworks/ndarray';

export interface SampleInputs {
  readonly [argument: string]: { readonly shape: Shape; readonly data: readonly number[] };
}

export interface RunOptions {
  readonly heads?: readonly NDArray[];
  readonly validRows?: NDArray;
  readonly states?: SampleInputs;
  readonly commit?: boolean;
}

/** Numbers in plain lists, by name. */
export interface Numbers {
  readonly [name: string]: number[];
}

export function random(shape: Shape, seed = 1, scale = 1): { shape: Shape; data: number[] } {
  const generator = new RandomGenerator(seed);
  const data = generator.permutation(10_007).subarray(0, shape.reduce((size, length) => size * length, 1));
  return { shape, data: Array.from(data, (value) => Math.fround(scale * (value / 5003 - 1))) };
}

export function labels(classes: readonly number[]): { shape: Shape; data: readonly number[] } {
  return { shape: [classes.length], data: classes };
}

export function bindTo(symbol: Symbol, inputs: SampleInputs, states: SampleInputs = {}): Executor {
  const executor = simpleBind(symbol, { shapes: Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])) });
  for (const [name, { data, shape }] of Object.entries(inputs)) executor.argDict[name]!.assign(array([...data], { shape }));
  for (const [name, { data, shape }] of Object.entries(states)) executor.auxDict[name]!.assign(array([...data], { shape }));
  return executor;
}

/** Forward and backward once, everything read. */
export async function runSymbol(symbol: Symbol, inputs: SampleInputs, { heads, validRows, states, commit = true }: RunOptions = {}): Promise<{ outputs: number[][]; gradients: Numbers; states: Numbers }> {
  const executor = bindTo(symbol, inputs, states);
  await executor.forward({ isTrain: true, ...(validRows && { validRows }) });
  await executor.backward(heads, { commit });
  return {
    outputs: await Promise.all(executor.outputs.map(numbers)),
    gradients: await byName(executor.gradDict as { readonly [name: string]: NDArray }),
    states: await byName(executor.auxDict),
  };
}

export async function numbers(array: NDArray): Promise<number[]> {
  return [...(await array.data())];
}

export async function byName(arrays: { readonly [name: string]: NDArray }): Promise<Numbers> {
  return Object.fromEntries(await Promise.all(Object.entries(arrays).map(async ([name, each]) => [name, await numbers(each)] as const)));
}
