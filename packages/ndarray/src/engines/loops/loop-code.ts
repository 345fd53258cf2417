import type { Loop } from './loop.js';
import { operations } from './operations.js';
import { type Bytes, instructions, moduleOf, type ValueType } from './wasm.js';

/** A vector, four float32. */
const vectorBytes = 16;
/** Vectors a turn: a line of the cache. */
const vectors = 4;
/** What a loop reads and writes is a multiple of it. */
export const turnBytes = vectors * vectorBytes;

/** Equal for loops that one module does. */
export function codeKey({ arrays, numbers, steps, results }: Loop): string {
  return [arrays.length, numbers.length, ...steps.map(({ primitive, operands }) => `${primitive} ${operands.join()}`), results.map(({ from }) => from).join()].join('\n');
}

/**
 * A module with the loop. Its function takes the bytes of each array (more than 0), where each array lies that it reads, likewise those it writes, and the numbers. It
 * reads and writes whole turns of 64 bytes, also the last one. What it writes may lie where something lies that it reads.
 */
export function loopModule({ arrays, numbers, steps, results }: Loop): Uint8Array<ArrayBuffer> {
  const { get, set, tee, int32, addInt32, isBelow, load, store, splat, repeat } = instructions;
  const pointers = [...arrays, ...results];
  const each = (list: readonly unknown[], type: ValueType): ValueType[] => list.map(() => type);
  const parameters: ValueType[] = ['i32', ...each(pointers, 'i32'), ...each(numbers, 'f32')];
  const [bytes, firstPointer, firstNumber, position] = [0, 1, 1 + pointers.length, parameters.length];
  // Where a turn reads and writes, by pointer.
  const firstPlace = position + 1;
  // Operands in the order of their places.
  const operand = (place: number): number => firstPlace + pointers.length + place;
  const turn = Array.from({ length: vectors }, (_, i) => i * vectorBytes).flatMap((offset): Bytes => [
    ...arrays.flatMap((__, i) => [...get(firstPlace + i), ...load(offset), ...set(operand(i))]),
    ...steps.flatMap(({ primitive, operands }, i) => [...operations[primitive]!(...operands.map((place) => get(operand(place)))), ...set(operand(arrays.length + numbers.length + i))]),
    ...results.flatMap(({ from }, i) => [...get(firstPlace + arrays.length + i), ...get(operand(from)), ...store(offset)]),
  ]);
  const body: Bytes = [
    ...numbers.flatMap((_, i) => [...get(firstNumber + i), ...splat, ...set(operand(arrays.length + i))]),
    ...repeat([
      ...pointers.flatMap((_, i) => [...get(firstPointer + i), ...get(position), ...addInt32, ...set(firstPlace + i)]),
      ...turn,
      ...get(position), ...int32(turnBytes), ...addInt32, ...tee(position), ...get(bytes), ...isBelow,
    ]),
  ];
  return moduleOf(parameters, ['i32', ...each(pointers, 'i32'), ...each([...arrays, ...numbers, ...steps], 'v128')], body);
}
