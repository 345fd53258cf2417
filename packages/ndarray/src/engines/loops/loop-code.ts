import type { Loop, LoopStep } from './loop.js';
import { operations } from './operations.js';
import { type Bytes, instructions, moduleOf, type ValueType } from './wasm.js';

/** A vector, four float32. */
const vectorBytes = 16;
/** Vectors a turn: a line of the cache. */
const vectors = 4;
/** What a loop reads and writes is a multiple of it. */
export const turnBytes = vectors * vectorBytes;

/** Equal for loops that one module does. */
export function codeKey({ arrays, numbers, numberSteps, steps, results }: Loop): string {
  return [arrays.length, numbers.length, numberSteps.length, ...[...numberSteps, ...steps].map(({ primitive, operands }) => `${primitive} ${operands.join()}`), results.map(({ from }) => from).join()].join('\n');
}

/** What a loop is told of one set of arrays, in four bytes each: how many bytes each array has (more than 0), where each lies that it reads, likewise those it writes, and the numbers. */
export function entrySize({ arrays, numbers, results }: Loop): number {
  return 1 + arrays.length + results.length + numbers.length;
}

/**
 * A module with the loop. Its function takes where a table of entries lies and how many there are (more than 0), and goes through the arrays of one after the other. It
 * reads and writes whole turns of 64 bytes, also the last one. What it writes may lie where something lies that it reads.
 */
export function loopModule(loop: Loop): Uint8Array<ArrayBuffer> {
  const { arrays, numbers, numberSteps, steps, results } = loop;
  const { get, set, tee, int32, addInt32, subInt32, isBelow, loadInt32, load, loadSplat, store, repeat } = instructions;
  const pointers = [...arrays, ...results];
  const each = (list: readonly unknown[], type: ValueType): ValueType[] => list.map(() => type);
  const [entry, remaining, bytes, position, firstPointer] = [0, 1, 2, 3, 4];
  // Where a turn reads and writes, by pointer.
  const firstPlace = firstPointer + pointers.length;
  // Operands in the order of their places.
  const operand = (place: number): number => firstPlace + pointers.length + place;
  const computed = (list: readonly LoopStep[], first: number): Bytes =>
    list.flatMap(({ primitive, operands }, i) => [...operations[primitive]!(...operands.map((place) => get(operand(place)))), ...set(operand(first + i))]);
  const firstNumberStep = arrays.length + numbers.length;
  const turn = Array.from({ length: vectors }, (_, i) => i * vectorBytes).flatMap((offset): Bytes => [
    ...arrays.flatMap((__, i) => [...get(firstPlace + i), ...load(offset), ...set(operand(i))]),
    ...computed(steps, firstNumberStep + numberSteps.length),
    ...results.flatMap(({ from }, i) => [...get(firstPlace + arrays.length + i), ...get(operand(from)), ...store(offset)]),
  ]);
  const ofEntry = (place: number, loaded: (offset: number) => Bytes): Bytes => [...get(entry), ...loaded(4 * place)];
  const body = repeat([
    ...ofEntry(0, loadInt32), ...set(bytes),
    ...pointers.flatMap((_, i) => [...ofEntry(1 + i, loadInt32), ...set(firstPointer + i)]),
    ...numbers.flatMap((_, i) => [...ofEntry(1 + pointers.length + i, loadSplat), ...set(operand(arrays.length + i))]),
    ...computed(numberSteps, firstNumberStep),
    ...int32(0), ...set(position),
    ...repeat([
      ...pointers.flatMap((_, i) => [...get(firstPointer + i), ...get(position), ...addInt32, ...set(firstPlace + i)]),
      ...turn,
      ...get(position), ...int32(turnBytes), ...addInt32, ...tee(position), ...get(bytes), ...isBelow,
    ]),
    ...get(entry), ...int32(4 * entrySize(loop)), ...addInt32, ...set(entry),
    ...get(remaining), ...int32(1), ...subInt32, ...tee(remaining),
  ]);
  return moduleOf(['i32', 'i32'], ['i32', 'i32', ...each([...pointers, ...pointers], 'i32'), ...each([...arrays, ...numbers, ...numberSteps, ...steps], 'v128')], body);
}
