import type { Primitive } from '../../primitives/primitive.js';
import { partOf, type Program, type ProgramStep, signatureOf } from '../../program/program.js';
import { sameShape, sizeOf } from '../../shape.js';
import { operations } from './operations.js';

/** One step of a loop. */
export interface LoopStep {
  readonly primitive: Primitive;
  /** Places of what it takes: first the loop's arrays, then its numbers, then the results of its steps over numbers, then those of its steps. */
  readonly operands: readonly number[];
}

/** Elementwise steps over arrays of one size, computed in one pass over the elements: what an optimizer does to one parameter. */
export interface Loop {
  /** Elements of each array. */
  readonly size: number;
  /** Arrays it reads, by their numbers in the program. */
  readonly arrays: readonly number[];
  /** Single numbers it reads, likewise. */
  readonly numbers: readonly number[];
  /** What it computes of the numbers alone, once a run, operands before what uses them. */
  readonly numberSteps: readonly LoopStep[];
  /** What it computes for each element, operands before what uses them. */
  readonly steps: readonly LoopStep[];
  /** What it writes: the place among the program's outputs, and the place of what is written as operands count them. */
  readonly results: readonly { readonly output: number; readonly from: number }[];
}

/** A program taken apart: what is computed before, and the loops behind it. */
export interface LoopedProgram {
  /** The rest of the program. Its outputs are those of the program that no loop writes, in their order, then arrays and numbers that loops read. */
  readonly before: Program;
  /** For each input of `before`, which of the program's it is. */
  readonly inputs: readonly number[];
  /** For each output of `before`, its number in the program. */
  readonly outputs: readonly number[];
  readonly loops: readonly Loop[];
}

/**
 * Takes out of a program, as loops, what serves nothing but the next contents of arrays whose present ones it reads: then nobody else reads what a loop may write
 * over. Undefined where there is nothing such.
 *
 * @param pays whether a loop is worth it.
 */
export function takeLoops(program: Program, pays: (loop: Loop) => boolean): LoopedProgram | undefined {
  // What has one element may be a number to another loop.
  const isUpdate = ({ size, arrays, results }: Loop): boolean => size > 1 && results.every(({ output }) => arrays.includes(program.replaced![output]!));
  const loops = joined(program, loopSteps(program)).map((numbers) => loopOf(program, numbers)).filter((loop) => isUpdate(loop) && pays(loop));
  if (loops.length === 0) return undefined;
  const written = new Set(loops.flatMap(({ results }) => results.map(({ output }) => output)));
  const read = loops.flatMap(({ arrays, numbers }) => [...arrays, ...numbers]).filter((number) => number >= program.inputs.length && stepOf(program, number).primitive !== 'constant');
  const outputs = [...new Set([...program.outputs.filter((_, place) => !written.has(place)), ...read])];
  const { part: before, inputs } = partOf(program, outputs);
  return { before, inputs, outputs, loops };
}

/** Steps that loops can do and that nothing but loops and the next contents of arrays needs, by number, in the program's order. */
function loopSteps(program: Program): number[] {
  const { inputs, steps, outputs, replaced = [] } = program;
  const needed = new Set(outputs);
  const others = new Set(outputs.filter((_, place) => replaced[place] === undefined));
  const found: number[] = [];
  for (let number = inputs.length + steps.length - 1; number >= inputs.length; number--) {
    const step = steps[number - inputs.length]!;
    if (!needed.has(number)) continue;
    const isOne = !others.has(number) && isLoopStep(program, step);
    if (isOne) found.push(number);
    for (const operand of step.operands) {
      needed.add(operand);
      if (!isOne) others.add(operand);
    }
  }
  return found.reverse();
}

function isLoopStep(program: Program, step: ProgramStep): boolean {
  return step.shape.length > 0 && isLoopArithmetic(program, step);
}

function isLoopArithmetic(program: Program, { primitive, shape, dtype, operands }: ProgramStep): boolean {
  const fits = (operand: number): boolean => {
    const signature = signatureOf(program, operand);
    // The engine broadcasts rows and columns as it goes; for a loop they would have to be written out.
    const isSpread = program.steps[operand - program.inputs.length]?.primitive === 'broadcastTo' && spreadNumber(program, operand) === undefined;
    return signature.dtype === 'float32' && sameShape(signature.shape, shape) && !isSpread;
  };
  return dtype === 'float32' && Object.hasOwn(operations, primitive) && operands.every(fits);
}

/** The number that is spread over all elements of a value. */
function spreadNumber(program: Program, number: number): number | undefined {
  const step = program.steps[number - program.inputs.length];
  if (step?.primitive !== 'broadcastTo') return undefined;
  const [source] = step.operands as [number];
  return sizeOf(signatureOf(program, source).shape) === 1 ? source : undefined;
}

/** Steps that share no array are loops of their own. */
function joined(program: Program, numbers: readonly number[]): number[][] {
  const parents = new Map<number, number>();
  const rootOf = (number: number): number => {
    // No recursion: recorded chains can be longer than the call stack allows.
    const passed: number[] = [];
    let root = number;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) {
      passed.push(root);
      root = parent;
    }
    for (const each of passed) parents.set(each, root);
    return root;
  };
  for (const number of numbers) {
    for (const operand of stepOf(program, number).operands) {
      const [root, other] = [rootOf(number), rootOf(operand)];
      if (root !== other && spreadNumber(program, operand) === undefined) parents.set(other, root);
    }
  }
  const groups = new Map<number, number[]>();
  for (const number of numbers) {
    const root = rootOf(number);
    const group = groups.get(root);
    if (group) group.push(number);
    else groups.set(root, [number]);
  }
  return [...groups.values()];
}

function loopOf(program: Program, members: readonly number[]): Loop {
  const operands = members.flatMap((member) => stepOf(program, member).operands);
  const spread = operands.map((operand) => spreadNumber(program, operand)).filter((number) => number !== undefined);
  const { steps: numberSteps, numbers } = stepsOverNumbers(program, spread);
  const computed = new Set(members);
  const arrays = [...new Set(operands.filter((operand) => !computed.has(operand) && spreadNumber(program, operand) === undefined))];
  const placesFrom = (first: number, list: readonly number[]): readonly (readonly [number, number])[] => list.map((number, i) => [number, first + i]);
  const firstNumber = arrays.length;
  const firstStep = firstNumber + numbers.length + numberSteps.length;
  const places = new Map([...placesFrom(0, arrays), ...placesFrom(firstStep, members)]);
  // A number and an array of one element may be one input, and are two operands.
  const numberPlaces = new Map(placesFrom(firstNumber, [...numbers, ...numberSteps]));
  const placeOf = (operand: number): number => {
    const number = spreadNumber(program, operand);
    return number === undefined ? places.get(operand)! : numberPlaces.get(number)!;
  };
  const loopStep = (number: number, place: (operand: number) => number): LoopStep => {
    const { primitive, operands: taken } = stepOf(program, number);
    return { primitive, operands: taken.map(place) };
  };
  return {
    size: sizeOf(stepOf(program, members[0]!).shape), arrays, numbers,
    numberSteps: numberSteps.map((number) => loopStep(number, (operand) => numberPlaces.get(operand)!)),
    steps: members.map((number) => loopStep(number, placeOf)),
    results: program.outputs.flatMap((number, output) => (computed.has(number) ? [{ output, from: placeOf(number) }] : [])),
  };
}

/** Steps that loops can do of which these numbers come, operands before what uses them, and the numbers that those begin with. */
function stepsOverNumbers(program: Program, wanted: readonly number[]): { readonly steps: readonly number[]; readonly numbers: readonly number[] } {
  const isStep = (number: number): boolean => {
    const step = program.steps[number - program.inputs.length];
    return step?.shape.length === 0 && isLoopArithmetic(program, step);
  };
  const found = new Set(wanted);
  // What is added while it is gone through is gone through, too.
  for (const number of found) if (isStep(number)) stepOf(program, number).operands.forEach((operand) => found.add(operand));
  const [steps, numbers] = [true, false].map((wantsSteps) => [...found].filter((number) => isStep(number) === wantsSteps));
  return { steps: steps!.sort((a, b) => a - b), numbers: numbers! };
}

function stepOf({ inputs, steps }: Program, number: number): ProgramStep {
  return steps[number - inputs.length]!;
}
