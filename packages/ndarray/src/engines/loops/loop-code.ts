import type { Loop } from './loop.js';
import { operations } from './operations.js';
import { type Bytes, instructions, moduleOf, type ValueType } from './wasm.js';

/** A vector, four float32. */
const vectorBytes = 16;

/** Equal for loops that one module does. */
export function codeKey({ arrays, numbers, steps, results }: Loop): string {
  return [arrays.length, numbers.length, ...steps.map(({ primitive, operands }) => `${primitive} ${operands.join()}`), results.map(({ from }) => from).join()].join('\n');
}

/**
 * A module with the loop. Its function takes the bytes of each array (more than 0), where each array lies that it reads, likewise those it writes, and the numbers. It reads
 * and writes whole vectors of 16 bytes, also the last one. What it writes may lie where something lies that it reads.
 */
export function loopModule({ arrays, numbers, steps, results }: Loop): Uint8Array<ArrayBuffer> {
  const { get, set, tee, int32, addInt32, isBelow, load, store, splat, repeat } = instructions;
  const parameters: ValueType[] = ['i32', ...[...arrays, ...results].map((): ValueType => 'i32'), ...numbers.map((): ValueType => 'f32')];
  const [bytes, firstArray, firstResult, firstNumber, position] = [0, 1, 1 + arrays.length, 1 + arrays.length + results.length, parameters.length];
  // Operands in the order of their places.
  const operand = (place: number): number => position + 1 + place;
  const at = (pointer: number): Bytes => [...get(pointer), ...get(position), ...addInt32];
  const body: Bytes = [
    ...numbers.flatMap((_, i) => [...get(firstNumber + i), ...splat, ...set(operand(arrays.length + i))]),
    ...repeat([
      ...arrays.flatMap((_, i) => [...at(firstArray + i), ...load, ...set(operand(i))]),
      ...steps.flatMap(({ primitive, operands }, i) => [...operations[primitive]!(...operands.map((place) => get(operand(place)))), ...set(operand(arrays.length + numbers.length + i))]),
      ...results.flatMap(({ from }, i) => [...at(firstResult + i), ...get(operand(from)), ...store]),
      ...get(position), ...int32(vectorBytes), ...addInt32, ...tee(position), ...get(bytes), ...isBelow,
    ]),
  ];
  return moduleOf(parameters, ['i32', ...[...arrays, ...numbers, ...steps].map((): ValueType => 'v128')], body);
}
