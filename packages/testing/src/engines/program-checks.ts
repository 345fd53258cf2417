import { placeholder, vjp, type Engine, type NDArray, type Shape } from '@lossworks/ndarray';
import { outline, programOf } from '@lossworks/ndarray/internal';
import { lossFunctions, trainedTableLosses } from '@lossworks/losses';
import fc from 'fast-check';
import { difference, type Tolerance } from '../compare.js';
import { lossInfos } from '../losses/loss-infos.js';
import type { LossInfo } from '../losses/loss-sample.js';
import { trainedTableInfos } from '../losses/table-infos.js';
import { random } from '../primitives/sample-operands.js';
import { interpret } from '../reference/interpret.js';
import { runProgram } from '../run-program.js';
import type { EngineCheck } from './engine-check.js';
import { expressions } from './random-expressions.js';
import { samplePrograms, type Recorded } from './sample-programs.js';

interface Input {
  readonly shape: Shape;
  readonly data: readonly number[];
}

/** Short sums in float32. */
const tolerance: Tolerance = { relative: 2e-5, absolute: 1e-5 };

const randomInputs = (shapes: readonly Shape[]): Input[] => shapes.map((shape, i) => ({ shape, data: random(shape, { seed: i + 1 }).data }));

/** Whole programs: where engines join steps and choose layouts. */
export function programChecks(): EngineCheck[] {
  return samplePrograms.map(([name, shapes, f]) => ({ name, run: (engine, widen) => disagreement(engine, f, randomInputs(shapes), widen(tolerance)) }));
}

/** Random expressions, the same for every engine. */
export function expressionChecks(): EngineCheck[] {
  const shapes: readonly Shape[] = [[2, 3], [3], [2, 1], []];
  return fc.sample(expressions(shapes), { numRuns: 40, seed: 7 }).map(({ text, f }, i) => ({
    name: `number ${i} ${text}`, run: (engine, widen) => disagreement(engine, f, randomInputs(shapes), widen(tolerance)),
  }));
}

/** Every sample of every loss function, with its gradients. */
export function lossChecks(): EngineCheck[] {
  const functions = { ...lossFunctions, ...trainedTableLosses } as unknown as { readonly [name: string]: (options: object) => NDArray };
  const infos: { readonly [name: string]: LossInfo } = { ...lossInfos, ...trainedTableInfos };
  return Object.entries(infos).flatMap(([name, { samples }]) => Object.entries(samples).map(([what, { inputs, options, wanted }]): EngineCheck => {
    const names = Object.keys(inputs);
    const f: Recorded = (arrays) => {
      const losses = functions[name]!({ ...Object.fromEntries(names.map((input, i) => [input, arrays[i]!])), ...options, reduction: 'none' });
      return [losses, ...vjp([losses], wanted.map((input) => arrays[names.indexOf(input)]!), [arrays.at(-1)!.broadcastTo(losses.shape)])];
    };
    return { name: `${name}: ${what}`, run: (engine, widen) => disagreement(engine, f, [...Object.values(inputs), { shape: [], data: [0.75] }], widen(tolerance)) };
  }));
}


/** Runs what is recorded from placeholders as one program, on an engine and on the reference, and says what differs. */
async function disagreement(engine: Engine, f: Recorded, inputs: readonly Input[], allowed: Tolerance): Promise<string | undefined> {
  const holders = inputs.map(({ shape }) => placeholder(shape));
  const outlined = outline(f(holders).map(({ value }) => value));
  const program = programOf(outlined, []);
  const data = outlined.leaves.map((leaf) => {
    const index = holders.findIndex(({ value }) => value === leaf);
    return index < 0 ? (leaf.storage!.host as ArrayLike<number>) : inputs[index]!.data;
  });
  const actual = await runProgram(engine, program, data);
  return interpret(program, data).map((each, i) => difference(`output ${i}`, actual[i]!, each.data, allowed)).find((found) => found !== undefined);
}
