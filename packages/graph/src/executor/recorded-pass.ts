import { placeholder, RandomGenerator, Recorded, type NDArray, type Shape } from '@lossworks/ndarray';
import type { Node, NodeOutput } from '../symbol/node.js';
import { recordBackward, type BackwardPass } from './backward-pass.js';
import { checkedRuns, refuseFedInputs, type CheckedRun } from './check-inputs.js';
import { recordForward, type ForwardPass } from './forward-pass.js';
import type { Recompute } from './recomputation.js';

/** A bound symbol, as far as its passes are concerned. */
export interface PassNetwork {
  readonly nodes: readonly Node[];
  readonly heads: readonly NodeOutput[];
  /** Nodes that some wanted gradient flows through. */
  readonly wanted: ReadonlySet<Node>;
  readonly recompute: Recompute;
}

/** What one training pass starts from. */
export interface PassInputs {
  readonly variables: ReadonlyMap<Node, NDArray>;
  readonly random: RandomGenerator;
  readonly validRows: NDArray | undefined;
}

/** What one training pass gives. */
export interface PassResults {
  /** In the order of the heads. */
  readonly outputs: readonly NDArray[];
  /** By variable; none of what no loss depends on. */
  readonly gradients: ReadonlyMap<Node, NDArray>;
  /** What is contributed to auxiliary states, by the node that collects it. */
  readonly contributions: ReadonlyMap<Node, readonly NDArray[]>;
}

/** Whether a pass over these nodes records the same every time: then once is enough. */
export function recordsTheSame(nodes: readonly Node[]): boolean {
  return nodes.every(({ operator, parameters }) => !operator?.hasEffects && !operator?.recordsAnew?.(parameters));
}

/** Records forward and backward of training, head gradients left out. Rejects as the operators do. */
export async function recordTraining({ nodes, heads, wanted, recompute }: PassNetwork, { variables, random, validRows }: PassInputs): Promise<{ readonly pass: ForwardPass; readonly backward: BackwardPass }> {
  const pass: ForwardPass = { runs: [], outputsOf: new Map() };
  await recordForward(pass, nodes, variables, new Map(), { isTrain: true, random, validRows });
  return { pass, backward: await recordBackward(pass, { heads, headGradients: heads.map(() => null), wanted, recompute }) };
}

/** Forward and backward of training, recorded once with everything open that differs from pass to pass: the variables, the random numbers, and how many rows are real. */
export class RecordedPass {
  private constructor(
    private readonly recorded: Recorded,
    /** Which variables it takes, in order. */
    private readonly variables: readonly Node[],
    private readonly draws: readonly Draw[],
    private readonly checked: readonly CheckedRun[],
    /** Of the variables: what inputs of losses are when they are fed. */
    private readonly placeholders: ReadonlyMap<unknown, Node>,
    private readonly counts: { readonly outputs: number; readonly gradients: readonly Node[]; readonly contributions: readonly (readonly [Node, number])[] },
  ) {}

  /** Records the pass: shapes and types of the variables, not their arrays, and that rows are counted where they are. Rejects as the operators do. */
  static async of(network: PassNetwork, { variables, validRows: counted }: Pick<PassInputs, 'variables' | 'validRows'>): Promise<RecordedPass> {
    const { heads, wanted } = network;
    const open = new Map([...variables].map(([node, { shape, dtype }]) => [node, placeholder(shape, dtype)]));
    // An operator that assigned to a state would do so to the open one, once and for all; those that do have effects.
    const random = new OpenRandom();
    const validRows = counted && placeholder([]);
    const { pass, backward: { calls, gradientOf } } = await recordTraining(network, { variables: open, random, validRows });
    const outputs = heads.map(({ node, index }) => pass.outputsOf.get(node)![index]!.cast('float32'));
    const gradients = [...variables.keys()].flatMap((node) => {
      const gradient = wanted.has(node) ? gradientOf(node) : null;
      return gradient ? [[node, gradient] as const] : [];
    });
    const contributions = [...calls].flatMap(([node, call]) => {
      const parts = node.operator!.contribution?.contribute(call);
      return parts ? [[node, parts] as const] : [];
    });
    const placeholders = new Map<unknown, Node>([...open].map(([node, { value }]) => [value, node]));
    return new RecordedPass(
      new Recorded(
        [...open.values(), ...random.draws.map(({ array }) => array), ...(validRows ? [validRows] : [])],
        [...outputs, ...gradients.map(([, gradient]) => gradient), ...contributions.flatMap(([, parts]) => parts)],
      ),
      [...open.keys()],
      random.draws,
      checkedRuns(pass).filter(({ arrays, checks }) => checks.some(({ input }) => placeholders.has(arrays[input]!.value))),
      placeholders,
      { outputs: outputs.length, gradients: gradients.map(([node]) => node), contributions: contributions.map(([node, parts]) => [node, parts.length]) },
    );
  }

  /** Checks what is fed to losses, where its numbers are in host memory. @throws RangeError naming node, argument, value and position. */
  checkFed(variables: ReadonlyMap<Node, NDArray>): void {
    refuseFedInputs(this.checked.map((one) => ({ ...one, arrays: one.arrays.map((array) => variables.get(this.placeholders.get(array.value)!) ?? array) })));
  }

  /** The results of one pass, still to be computed. Draws the random numbers that recording it anew would draw. */
  apply({ variables, random, validRows }: PassInputs): PassResults {
    const drawn = this.draws.map((draw) => random[draw.kind](draw.shape, ...draw.numbers));
    const results = this.recorded.apply([...this.variables.map((node) => variables.get(node)!), ...drawn, ...(validRows ? [validRows] : [])]);
    const next = (count: number): NDArray[] => results.splice(0, count);
    const outputs = next(this.counts.outputs);
    const gradients = new Map(this.counts.gradients.map((node) => [node, next(1)[0]!]));
    return { outputs, gradients, contributions: new Map(this.counts.contributions.map(([node, count]) => [node, next(count)])) };
  }
}

/** Random numbers that each pass draws for itself. */
interface Draw {
  readonly kind: 'uniform' | 'normal';
  readonly shape: Shape;
  readonly numbers: readonly number[];
  readonly array: NDArray;
}

/** Leaves open what is drawn, and notes how. Its state moves on, so that it is seen who draws. */
class OpenRandom extends RandomGenerator {
  readonly draws: Draw[] = [];

  override uniform(shape: Shape, ...numbers: number[]): NDArray {
    return this.#open('uniform', shape, numbers);
  }

  override normal(shape: Shape, ...numbers: number[]): NDArray {
    return this.#open('normal', shape, numbers);
  }

  #open(kind: Draw['kind'], shape: Shape, numbers: readonly number[]): NDArray {
    this.next();
    const array = placeholder(shape);
    this.draws.push({ kind, shape, numbers, array });
    return array;
  }
}
