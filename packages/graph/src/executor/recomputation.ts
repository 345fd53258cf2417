import { cast, less, RandomGenerator, reshape, slice, tape, type NDArray, type RandomState } from '@lossworks/ndarray';
import type { Call } from '../operators/operator.js';
import type { Node, NodeOutput } from '../symbol/node.js';
import { apart, type ForwardPass, type NodeRun } from './forward-pass.js';

/**
 * Which operators' results a training step does not keep for the way back, but computes again: none (false), all that are cheap (true), or those the function
 * says. Never operators with effects, random numbers, or a gradient of their own.
 */
export type Recompute = boolean | ((node: Node) => boolean);

/**
 * Whether a node's outputs are computed again on the way back. Never what must not run twice (effects), draws random numbers, or has a gradient of its own.
 * With `true`, everything but operators that keep (products, convolutions, sums of branches); MXNet's attribute `__force_mirroring__` decides for a node.
 */
export function isRecomputed({ node, randomBefore }: NodeRun, recompute: Recompute): boolean {
  const { hasEffects, gradient, isKept } = node.operator!;
  if (recompute === false || hasEffects || gradient || randomBefore) return false;
  if (typeof recompute === 'function') return recompute(node);
  const forced = node.attributes['__force_mirroring__'];
  return forced === undefined ? !isKept : /^(true|1)$/i.test(forced);
}

/**
 * Results computed once more, each when the way back first needs it. The engine would take the first result for the second if it could see that they are
 * equal, and would compute the second at once if nothing held it back: both are prevented by adding a zero that depends on gradients found so far.
 */
export class Recomputation {
  readonly #runs = new Map<Node, NodeRun>();
  readonly #again = new Map<Node, NodeRun>();
  readonly #held = new Map<Node, NDArray[]>();
  readonly #recompute: Recompute;
  /** Gradients found since results were last held back. */
  #recent: NDArray[] = [];
  #zero: NDArray | undefined;

  constructor({ runs }: ForwardPass, recompute: Recompute) {
    for (const run of runs) this.#runs.set(run.node, run);
    this.#recompute = recompute;
  }

  /** The run to differentiate in place of the given one: over inputs that were computed again where those were not kept. */
  of(run: NodeRun, gradients: readonly (NDArray | null)[]): NodeRun {
    const { node } = run;
    if (!this.#isDropped(node) && !argumentsOf(node).some((input) => this.#isDropped(input.node))) return run;
    // What is computed again from here on waits for the gradients that are known by now.
    if (!this.#again.has(node)) {
      this.#recent.push(...gradients.filter((gradient) => gradient !== null));
      this.#zero = undefined;
    }
    return this.#isDropped(node) ? this.#recomputed(node) : this.#onRecomputed(run);
  }

  /** Notes gradients that were found, so that later results are not computed again before them. */
  found(gradients: readonly (NDArray | null)[]): void {
    this.#recent.push(...gradients.filter((gradient) => gradient !== null));
  }

  #isDropped(node: Node): boolean {
    const run = this.#runs.get(node);
    return run !== undefined && isRecomputed(run, this.#recompute);
  }

  #recomputed(node: Node): NodeRun {
    // Without recursion along the graph: what is dropped may be a long chain.
    const stack = [node];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const waiting = argumentsOf(top).map((input) => input.node).filter((input) => this.#isDropped(input) && !this.#again.has(input));
      if (waiting.length > 0) {
        stack.push(...waiting);
        continue;
      }
      stack.pop();
      if (!this.#again.has(top)) this.#again.set(top, this.#record(this.#runs.get(top)!, true));
    }
    return this.#again.get(node)!;
  }

  #onRecomputed(run: NodeRun): NodeRun {
    for (const { node } of argumentsOf(run.node)) if (this.#isDropped(node)) this.#recomputed(node);
    return this.#record(run, false);
  }

  #record(run: NodeRun, isHeld: boolean): NodeRun {
    const { node, call, outputs } = run;
    const sources = argumentsOf(node);
    const fromOperators = sources.some((source) => this.#runs.has(source.node));
    const inputs = apart(
      sources.map((source, k) => {
        const again = this.#again.get(source.node);
        if (again) return again.outputs[source.index]!;
        const mustWait = isHeld && (this.#runs.has(source.node) || (!fromOperators && k === 0));
        return mustWait ? this.#hold(source, call.inputs[k]!) : call.inputs[k]!;
      }),
    );
    const next: Call = { ...call, inputs, random: run.randomBefore ? generatorAt(run.randomBefore) : call.random };
    if (node.operator!.gradient) return { ...run, call: next, outputs };
    const recorded = node.operator!.record(next) as readonly NDArray[];
    return { ...run, call: next, outputs: recorded, tape: tape(recorded, inputs) };
  }

  /** The same numbers, not to be had before the gradients found so far. */
  #hold({ node, index }: NodeOutput, array: NDArray): NDArray {
    if (array.dtype !== 'float32') return array;
    const known = this.#held.get(node) ?? [];
    this.#held.set(node, known);
    if (!known[index]) {
      this.#zero ??= zeroAfter(this.#recent.splice(0));
      known[index] = this.#zero ? array.add(this.#zero) : array;
    }
    return known[index];
  }
}

function generatorAt(state: RandomState): RandomGenerator {
  const generator = new RandomGenerator();
  generator.restore(state);
  return generator;
}

/** 0, whatever the gradients are; but they have to be there first. No engine can know that nothing is less than −∞. */
function zeroAfter(gradients: readonly NDArray[]): NDArray | undefined {
  const zeros = gradients.map((gradient) => cast(less(slice(reshape(gradient, [gradient.size]), [0], [1]), -Infinity), 'float32'));
  return zeros.length === 0 ? undefined : reshape(zeros.reduce((total, zero) => total.add(zero)), []);
}

function argumentsOf(node: Node): readonly NodeOutput[] {
  return node.inputs.slice(0, node.argumentCount);
}
