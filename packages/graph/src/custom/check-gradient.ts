import { array, NDArray, ones, RandomGenerator, read, zeros, type Nested, type TypedArray } from '@lossworks/ndarray';
import { startsGradient } from '../executor/backward-pass.js';
import { bind } from '../executor/bind.js';
import type { Executor } from '../executor/executor.js';
import type { Symbol } from '../symbol/symbol.js';

/** Where and how closely `checkGradient` compares. */
export interface CheckGradientOptions {
  /** Numbers of every argument, by name. Few of them: each costs two runs. */
  readonly inputs: { readonly [argument: string]: NDArray | Nested };
  /** Numbers of auxiliary states; zeros for those left out. */
  readonly states?: { readonly [state: string]: NDArray | Nested };
  /** Arguments whose gradient is checked; all unless given. Leave out class indices, which have none. */
  readonly wanted?: readonly string[];
  /** Half the distance of the differences, relative to max(1, |x|). 0.01 unless given: engines compute in float32. */
  readonly step?: number;
  /** The part of |difference quotient| that the two may be apart, beside `absolute`; 0.01 unless given. */
  readonly relative?: number;
  /** How far the two may be apart in any case; 0.001 unless given. */
  readonly absolute?: number;
  /** Seed of the head gradients and of random operators; 1 unless given. */
  readonly seed?: number;
}

/** The largest deviation of one argument's gradient. */
export interface GradientDeviation {
  /** The argument's name. */
  readonly argument: string;
  /** Where in the argument, row-major, from 0. */
  readonly index: number;
  /** What backward gives. */
  readonly derived: number;
  /** What the differences give. */
  readonly numeric: number;
}

/**
 * Compares the gradient that `backward` gives with central differences of the outputs, in training mode, on the current engine. Outputs get random head
 * gradients; loss layers, which ignore them, count as they are: `makeLoss` passes, but a layer whose gradient is by convention not its output's derivative
 * (`softmaxOutput`) fails.
 *
 * @returns the largest deviation of each argument.
 * @throws Error naming the gradients that are too far away; RangeError for arguments that are missing or unknown.
 */
export async function checkGradient(symbol: Symbol, options: CheckGradientOptions): Promise<GradientDeviation[]> {
  const { inputs, states = {}, wanted = symbol.listArguments(), step = 0.01, relative = 0.01, absolute = 0.001, seed = 1 } = options;
  const random = new RandomGenerator(seed);
  const executor = executorOf(symbol, inputs, states, wanted, random);
  const heads = symbol.outputs.map(({ node }, i) => (startsGradient(node) ? ones(executor.outputs[i]!.shape) : random.uniform(executor.outputs[i]!.shape, 0.5, 1.5)));
  const weights = await read(heads);
  const start = random.state;
  const forward = async (): Promise<void> => {
    random.restore(start);
    await executor.forward({ isTrain: true });
  };
  await forward();
  await executor.backward(heads, { commit: false });
  const derived = new Map(await Promise.all(wanted.map(async (name) => [name, await executor.gradDict[name]!.data()] as const)));
  const weighted = async (): Promise<number> => {
    await forward();
    const outputs = await read(executor.outputs);
    return outputs.reduce((total, output, i) => total + dot(output, weights[i]!), 0);
  };
  const worst: GradientDeviation[] = [];
  const excess = ({ derived: found, numeric }: GradientDeviation): number => Math.abs(found - numeric) / (absolute + relative * Math.abs(numeric));
  for (const argument of wanted) {
    const target = executor.argDict[argument]!;
    const original = Float32Array.from(await target.data());
    const at = async (index: number, value: number): Promise<number> => {
      const moved = original.slice();
      moved[index] = value;
      target.assign(array(moved, { shape: target.shape }));
      return weighted();
    };
    let furthest: GradientDeviation | undefined;
    for (const [index, x] of original.entries()) {
      const half = step * Math.max(1, Math.abs(x));
      // What float32 makes of x ± half is what they are apart.
      const [above, below] = [Math.fround(x + half), Math.fround(x - half)];
      const numeric = ((await at(index, above)) - (await at(index, below))) / (above - below);
      const deviation = { argument, index, derived: derived.get(argument)![index]!, numeric };
      if (!furthest || !(excess(deviation) <= excess(furthest))) furthest = deviation;
    }
    target.assign(array(original, { shape: target.shape }));
    if (furthest) worst.push(furthest);
  }
  const wrong = worst.filter((deviation) => !(excess(deviation) <= 1));
  if (wrong.length > 0) {
    const list = wrong.map(({ argument, index, derived: found, numeric }) => `of ${argument}[${index}] is ${found.toPrecision(5)}, differences give ${numeric.toPrecision(5)}`);
    throw new Error(`checkGradient: the gradient ${list.join('; ')}. Near a kink of the function move the inputs; else mend backward`);
  }
  return worst;
}

function executorOf(symbol: Symbol, inputs: CheckGradientOptions['inputs'], states: NonNullable<CheckGradientOptions['states']>, wanted: readonly string[], random: RandomGenerator): Executor {
  const names = symbol.listArguments();
  const missing = names.filter((name) => !Object.hasOwn(inputs, name));
  if (missing.length > 0) throw new RangeError(`checkGradient: inputs lacks ${missing.join(', ')}; give numbers for every argument`);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new RangeError(`checkGradient: there is no argument ${unknown.join(', ')}; the arguments are ${names.join(', ')}`);
  const args = Object.fromEntries(names.map((name) => [name, arrayOf(inputs[name]!)]));
  const shapes = symbol.inferShapePartial(Object.fromEntries(names.map((name) => [name, args[name]!.shape]))).auxiliaryStates;
  const auxiliaryStates = Object.fromEntries(symbol.listAuxiliaryStates().map((name, i) => [name, Object.hasOwn(states, name) ? arrayOf(states[name]!) : zeros(shapes[i]!)]));
  return bind(symbol, { args, gradients: Object.fromEntries(wanted.map((name) => [name, zeros(args[name]!.shape)])), auxiliaryStates, random });
}

function dot(a: TypedArray, b: TypedArray): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** A handle of its own, so that the caller's array stays as it is. */
function arrayOf(given: NDArray | Nested): NDArray {
  return given instanceof NDArray ? given.snapshot() : array(given);
}
