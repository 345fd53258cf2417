import type { Tensor } from '@tensorflow/tfjs-core';
import type { HostConstant, KernelCall, Slot } from './kernel-builder.js';
import type { LoweredProgram } from './lower-program.js';
import type { TensorFlow } from './backends.js';

/** Tensors by slot, while a program runs. */
type Slots = (Tensor | undefined)[];

interface Instruction {
  readonly run: (slots: Slots) => void;
  /** Slots that nobody needs afterwards. */
  readonly dead: readonly Slot[];
}

/** A lowered program as a flat list of calls, each of which frees what it was the last to need. What depends on constants alone is computed once. */
export class KernelProgram {
  readonly #instructions: readonly Instruction[];
  readonly #constants = new Map<Slot, Tensor>();

  constructor(
    private readonly tf: TensorFlow,
    private readonly lowered: LoweredProgram,
    private readonly inputs: number,
  ) {
    const { builder: { calls, constants }, outputs } = lowered;
    const fixed = new Set<Slot>(constants.keys());
    const once = calls.filter((call) => slotsOf(call).every((slot) => fixed.has(slot)) && call.outputs.forEach((slot) => fixed.add(slot)) === undefined);
    const always = calls.filter((call) => !once.includes(call));
    this.#fold(once, constants, new Set([...always.flatMap(slotsOf), ...outputs]));
    this.#instructions = this.#schedule(always, fixed);
  }

  /** New tensors, which the caller owns. The inputs stay as they are. */
  run(inputs: readonly Tensor[]): Tensor[] {
    const slots: Slots = new Array<Tensor | undefined>(this.lowered.builder.slots);
    inputs.forEach((tensor, i) => (slots[i] = tensor));
    for (const [slot, tensor] of this.#constants) slots[slot] = tensor;
    try {
      for (const { run, dead } of this.#instructions) {
        run(slots);
        for (const slot of dead) {
          slots[slot]!.dispose();
          slots[slot] = undefined;
        }
      }
      const given = new Set<Slot>();
      return this.lowered.outputs.map((slot) => {
        const owned = this.#isOwned(slot) && !given.has(slot);
        given.add(slot);
        return owned ? slots[slot]! : slots[slot]!.clone();
      });
    } catch (error) {
      slots.forEach((tensor, slot) => {
        if (tensor && this.#isOwned(slot)) tensor.dispose();
      });
      throw error;
    }
  }

  release(): void {
    for (const tensor of this.#constants.values()) tensor.dispose();
    this.#constants.clear();
  }

  #isOwned(slot: Slot): boolean {
    return slot >= this.inputs && !this.#constants.has(slot);
  }

  #fold(calls: readonly KernelCall[], constants: ReadonlyMap<Slot, HostConstant>, needed: ReadonlySet<Slot>): void {
    const slots: Slots = [];
    for (const [slot, { data, shape, dtype }] of constants) slots[slot] = this.tf.tensor(data, [...shape], dtype === 'uint8' ? 'int32' : dtype);
    for (const call of calls) this.#closureOf(call)(slots);
    slots.forEach((tensor, slot) => {
      if (tensor && needed.has(slot)) this.#constants.set(slot, tensor);
      else tensor?.dispose();
    });
  }

  #schedule(calls: readonly KernelCall[], fixed: ReadonlySet<Slot>): Instruction[] {
    const kept = new Set<Slot>([...fixed, ...this.lowered.outputs]);
    const dead: Slot[][] = calls.map(() => []);
    for (let i = calls.length - 1; i >= 0; i--) {
      const { outputs } = calls[i]!;
      // Results that nobody takes die where they are made.
      for (const slot of [...slotsOf(calls[i]!), ...outputs]) {
        if (slot < this.inputs || kept.has(slot)) continue;
        kept.add(slot);
        dead[i]!.push(slot);
      }
    }
    return calls.map((call, i) => ({ run: this.#closureOf(call), dead: dead[i]! }));
  }

  /** The kernel itself, without the checks and conversions of TensorFlow.js's functions: the recording has checked everything. */
  #closureOf({ kernel, inputs, attributes, outputs }: KernelCall): (slots: Slots) => void {
    const engine = this.tf.engine();
    const runKernel = (tensors: object): Tensor | Tensor[] => engine.runKernel(kernel, tensors as never, attributes as never);
    const settle = (slots: Slots, result: Tensor | Tensor[]): void => {
      if (Array.isArray(result)) outputs.forEach((slot, i) => (slots[slot] = result[i]!));
      else slots[outputs[0]!] = result;
    };
    if (Array.isArray(inputs)) {
      const list = inputs as readonly Slot[];
      return (slots) => settle(slots, runKernel(list.map((slot) => slots[slot]!)));
    }
    const named = Object.entries(inputs as { readonly [name: string]: Slot });
    return (slots) => {
      const tensors: { [name: string]: Tensor } = {};
      for (const [name, slot] of named) tensors[name] = slots[slot]!;
      settle(slots, runKernel(tensors));
    };
  }
}

function slotsOf({ inputs }: KernelCall): readonly Slot[] {
  return Array.isArray(inputs) ? (inputs as readonly Slot[]) : Object.values(inputs as { readonly [name: string]: Slot });
}
