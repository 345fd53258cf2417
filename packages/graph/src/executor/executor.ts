import { endStep, isPending, keep, ones, RandomGenerator, retain, transient, waitAll, zeros, type NDArray, type Shape } from '@lossworks/ndarray';
import type { Symbol } from '../symbol/symbol.js';
import { auxiliaryNodes, type Node } from '../symbol/node.js';
import { needHeadGradient, neededByBackward, recordBackward, startsGradient, type BackwardPass } from './backward-pass.js';
import { checkAllInputs, checkFedInputs, type CheckInputs } from './check-inputs.js';
import { recordForward, type ForwardPass, type Memories, type Recording } from './forward-pass.js';
import type { GradReq } from './grad-req.js';
import { listHeadGradients, type HeadGradients } from './head-gradients.js';
import { installed, tellBackward, tellForward, type InstalledMonitor, type MonitorCallback, type MonitorCallbackOptions } from './monitor-callback.js';
import { locateNonFinite, type NonFinite } from './non-finite.js';
import type { Recompute } from './recomputation.js';
import { RecordedPass, recordsTheSame, recordTraining } from './recorded-pass.js';
import { reshaped, type ReshapeOptions } from './reshape.js';

/** What a forward pass may be told. */
export interface ForwardOptions {
  /** Training mode of Dropout, BatchNorm and custom operators; false unless given, as in MXNet. */
  readonly isTrain?: boolean;
  /** Arrays of the arguments' shapes and types, by argument; those left out keep their numbers. */
  readonly feeds?: { readonly [argument: string]: NDArray };
  /** How many leading rows of the batch are real, shape `[]`; those behind are padding, which class centers and losses leave out. All unless given. */
  readonly validRows?: NDArray;
  /**
   * Whether a step that nobody has read yet is to be computed together with this one, in one run; false unless given. Else it is computed before. The numbers are
   * the same; what this saves is what passes between two runs. Read within a few steps: a program grows with each.
   */
  readonly continues?: boolean;
}

/** What a backward pass may be told. */
export interface BackwardOptions {
  /** Whether contributions to auxiliary states (class centers) are committed at the end; true unless given. See `commit`. */
  readonly commit?: boolean;
}

/** What an executor is made of; `bind` and `simpleBind` put it together. */
export interface Binding {
  readonly symbol: Symbol;
  readonly args: readonly NDArray[];
  readonly gradients: readonly (NDArray | null)[];
  readonly gradReqs: readonly GradReq[];
  readonly auxiliaryStates: readonly NDArray[];
  readonly outputShapes: readonly (readonly number[])[];
  readonly random: RandomGenerator;
  readonly checkInputs: CheckInputs;
  readonly recompute: Recompute;
}

/**
 * A symbol bound to arrays (MXNet `Executor`). `forward`, `backward` and the optimizer's update only record; one read then runs the whole step. The arrays
 * are the same objects throughout.
 */
export class Executor {
  /** What is computed. */
  readonly symbol: Symbol;
  /** Arguments, in the order of `symbol.listArguments()` (MXNet `arg_arrays`). Assign to them to change parameters. */
  readonly argArrays: readonly NDArray[];
  /** Gradients, in the order of arguments; null where none was asked for (MXNet `grad_arrays`). */
  readonly gradArrays: readonly (NDArray | null)[];
  /** Auxiliary states, in the order of `symbol.listAuxiliaryStates()` (MXNet `aux_arrays`). */
  readonly auxArrays: readonly NDArray[];
  /** Results of the last forward, in the order of `listOutputs`, float32; zeros before. The same arrays at every forward. */
  readonly outputs: readonly NDArray[];
  /** What `backward` does with each gradient, in the order of arguments. */
  readonly gradReqs: readonly GradReq[];
  readonly #binding: Binding;
  readonly #nodes: readonly Node[];
  readonly #variables = new Map<Node, NDArray>();
  readonly #argumentNodes: readonly Node[];
  /** Arguments by name; the first where several share one. */
  readonly #arguments: ReadonlyMap<string, NDArray>;
  readonly #fixed: readonly FixedVariable[];
  /** Nodes that some wanted gradient flows through. */
  readonly #wanted: ReadonlySet<Node>;
  /** Nodes that need a gradient from behind. */
  readonly #needy: ReadonlySet<Node>;
  /** Whether a training pass can be recorded once for all. */
  readonly #isRepeatable: boolean;
  readonly #memories: Memories = new Map();
  #pass: ForwardPass | undefined;
  /** Records the last pass anew, where it came from one that was recorded before. */
  #again: (() => Promise<{ readonly pass: ForwardPass; readonly backward: BackwardPass }>) | undefined;
  readonly #recorded = new Map<'all rows' | 'valid rows', RecordedPass>();
  #contributed = false;
  readonly #contributions = new Map<Node, NDArray[]>();
  #release: (() => void) | undefined;
  #backward: BackwardPass | undefined;
  #monitor: InstalledMonitor | undefined;

  /** @internal Use `bind` or `simpleBind`. */
  constructor(binding: Binding) {
    this.#binding = binding;
    this.symbol = binding.symbol;
    this.argArrays = binding.args;
    this.gradArrays = binding.gradients;
    this.auxArrays = binding.auxiliaryStates;
    this.gradReqs = binding.gradReqs;
    this.outputs = binding.outputShapes.map((shape) => zeros(shape));
    this.#nodes = binding.symbol.nodes();
    const auxiliary = auxiliaryNodes(this.#nodes);
    const variables = this.#nodes.filter((node) => node.isVariable);
    this.#argumentNodes = variables.filter((node) => !auxiliary.has(node));
    this.#argumentNodes.forEach((node, i) => this.#variables.set(node, binding.args[i]!));
    variables.filter((node) => auxiliary.has(node)).forEach((node, i) => this.#variables.set(node, binding.auxiliaryStates[i]!));
    this.#arguments = new Map(this.#argumentNodes.map(({ name }, i) => [name, binding.args[i]!] as const).reverse());
    this.#fixed = fixedVariables(this.#nodes, this.#variables);
    const wanted = new Set(this.#argumentNodes.filter((_, i) => this.#wantsGradient(i)));
    for (const node of this.#nodes) if (node.inputs.slice(0, node.argumentCount).some((input) => wanted.has(input.node))) wanted.add(node);
    this.#wanted = wanted;
    this.#needy = needHeadGradient(this.#nodes, wanted);
    this.#isRepeatable = binding.checkInputs !== 'all' && recordsTheSame(this.#nodes) && !binding.symbol.outputs.some(({ node }) => this.#needy.has(node));
    this.#refuseGradientsOfIndices();
  }

  /**
   * Arguments by name.
   *
   * @throws RangeError where two arguments share a name.
   */
  get argDict(): { readonly [name: string]: NDArray } {
    return dictionary(this.symbol.listArguments(), this.argArrays, 'argument');
  }

  /**
   * Gradients by argument; null where none was asked for.
   *
   * @throws RangeError where two arguments share a name.
   */
  get gradDict(): { readonly [name: string]: NDArray | null } {
    return dictionary(this.symbol.listArguments(), this.gradArrays, 'argument');
  }

  /**
   * Auxiliary states by name.
   *
   * @throws RangeError where two share a name.
   */
  get auxDict(): { readonly [name: string]: NDArray } {
    return dictionary(this.symbol.listAuxiliaryStates(), this.auxArrays, 'auxiliary state');
  }

  /**
   * `outputs` by name.
   *
   * @throws RangeError where two outputs share a name.
   */
  get outputDict(): { readonly [name: string]: NDArray } {
    return dictionary(this.symbol.listOutputs(), this.outputs, 'output');
  }

  /**
   * Records the outputs over the present contents of the arrays; what reads them computes (MXNet `forward`).
   *
   * @returns `outputs`.
   * @throws RangeError for a feed that is no argument or of another shape, and for an input that a loss cannot be computed from (`checkInputs` of `bind`).
   */
  async forward({ isTrain = false, feeds = {}, validRows, continues = false }: ForwardOptions = {}): Promise<readonly NDArray[]> {
    await this.#begin(isTrain, feeds, continues);
    const pass: ForwardPass = { runs: [], outputsOf: new Map() };
    this.#pass = pass;
    // From the start: a custom operator may read, and so evaluate, in the middle of the pass.
    if (isTrain && this.#wanted.size > 0) this.#release = retain(this, (executor) => transient(() => executor.#needed()));
    try {
      await recordForward(pass, this.#nodes, this.#variables, this.#memories, { isTrain, random: this.#binding.random, validRows }, this.#recording);
      if (this.#binding.checkInputs !== 'none') checkFedInputs(pass);
    } catch (error) {
      this.#pass = undefined;
      this.#release?.();
      throw error;
    }
    this.#contributed = false;
    if (this.#monitor) tellForward(pass, this.#monitor);
    this.#recording(() => this.symbol.outputs.forEach(({ node, index }, i) => this.outputs[i]!.assign(pass.outputsOf.get(node)![index]!.cast('float32'))));
    if (this.#binding.checkInputs === 'all') await checkAllInputs(pass);
    return this.outputs;
  }

  /**
   * Records the gradients of the last forward into the gradient arrays, by each argument's request (MXNet `backward`).
   *
   * @param headGradients needed for every output that is no loss and that a wanted gradient depends on.
   * @throws RangeError naming the outputs whose head gradient is missing, and for gradients of no output or another shape; Error where there was no forward.
   */
  async backward(headGradients?: HeadGradients, { commit = true }: BackwardOptions = {}): Promise<void> {
    const pass = await this.#lastPass('backward');
    const heads = listHeadGradients(headGradients, this.symbol, this.#needy);
    const recording = this.#recording;
    const result = await recordBackward(pass, { heads: this.symbol.outputs, headGradients: heads, wanted: this.#wanted, recompute: this.#binding.recompute, recording });
    this.#backward = result;
    if (this.#monitor) tellBackward(result, this.#monitor);
    recording(() => {
      this.#giveGradients((node) => result.gradientOf(node));
      if (!this.#contributed) {
        // A second backward of the same forward must not move the states twice.
        this.#contributed = true;
        for (const [node, call] of result.calls) this.#contribute(node, node.operator!.contribution?.contribute(call));
      }
      if (commit) this.commit();
    });
    this.#release?.();
  }

  /**
   * `forward` in training and `backward` without head gradients, in one (MXNet `Module.forward_backward`). What they record is recorded at the first call only:
   * networks of many small operators take a step sooner. Where a custom operator or a monitor may want to see every pass it does just what the two do.
   *
   * @returns `outputs`.
   * @throws as these do.
   */
  async forwardBackward({ feeds, validRows, continues = false, commit = true }: Omit<ForwardOptions, 'isTrain'> & BackwardOptions = {}): Promise<readonly NDArray[]> {
    if (this.#monitor || !this.#isRepeatable) {
      await this.forward({ isTrain: true, continues, ...(feeds && { feeds }), ...(validRows && { validRows }) });
      await this.backward(undefined, { commit });
      return this.outputs;
    }
    await this.#begin(true, feeds ?? {}, continues);
    const { recompute, random, checkInputs } = this.#binding;
    const network = { nodes: this.#nodes, heads: this.symbol.outputs, wanted: this.#wanted, recompute };
    const key = validRows ? 'valid rows' : 'all rows';
    const recorded = this.#recorded.get(key) ?? (await RecordedPass.of(network, { variables: this.#variables, validRows }));
    this.#recorded.set(key, recorded);
    if (checkInputs !== 'none') recorded.checkFed(this.#variables);
    transient(() => {
      const start = random.state;
      const variables = new Map([...this.#variables].map(([node, array]) => [node, array.snapshot()]));
      const { outputs, gradients, contributions } = recorded.apply({ variables, random, validRows });
      this.#again = async () => {
        const replayed = new RandomGenerator();
        replayed.restore(start);
        return recordTraining(network, { variables, random: replayed, validRows });
      };
      outputs.forEach((output, i) => this.outputs[i]!.assign(output));
      this.#giveGradients((node) => gradients.get(node) ?? null);
      this.#contributed = true;
      for (const [node, parts] of contributions) this.#contribute(node, parts);
      if (commit) this.commit();
    });
    return this.outputs;
  }

  /**
   * Changes the auxiliary states by the contributions since the last commit: for steps made of several micro-batches.
   *
   * @param others executors of the same symbol that ran other parts of the batch: their contributions count too, and their states become the same, but
   * for operators whose states belong to a worker (BatchNorm's moving averages).
   */
  commit(others: readonly Executor[] = []): void {
    const executors = [this, ...others];
    transient(() => {
      for (const node of new Set(executors.flatMap((executor) => [...executor.#contributions.keys()]))) {
        const together = node.operator!.contribution!.perWorker ? executors.map((executor) => [executor]) : [executors];
        for (const group of together) commitNode(node, group);
      }
    });
    for (const executor of executors) executor.#contributions.clear();

    function commitNode(node: Node, group: readonly Executor[]): void {
      const contributions = group.flatMap((executor) => (executor.#contributions.has(node) ? [executor.#contributions.get(node)!] : []));
      if (contributions.length === 0) return;
      const sums = contributions.reduce((sum, part) => sum.map((each, k) => each.add(part[k]!)));
      const statesOf = (executor: Executor) => node.inputs.slice(node.argumentCount).map((input) => executor.#variables.get(input.node)!);
      const next = node.operator!.contribution!.commit(statesOf(group[0]!).map((state) => state.snapshot()), sums, node.parameters);
      for (const executor of group) statesOf(executor).forEach((state, k) => state.assign(next[k]!));
    }
  }

  /**
   * Copies arrays into arguments and auxiliary states by name, as the target's type; those not named stay (MXNet `copy_params_from`).
   *
   * @throws RangeError for an unknown name, unless `allowExtra`, and for another shape.
   */
  copyParamsFrom(args: { readonly [name: string]: NDArray }, auxiliaryStates: { readonly [name: string]: NDArray } = {}, { allowExtra = false } = {}): void {
    const copy = (targets: { readonly [name: string]: NDArray }, sources: { readonly [name: string]: NDArray }, what: string): void => {
      for (const [name, source] of Object.entries(sources)) {
        const target = Object.hasOwn(targets, name) ? targets[name]! : undefined;
        if (!target && allowExtra) continue;
        if (!target) throw new RangeError(`copyParamsFrom: there is no ${what} ${name}; known are ${Object.keys(targets).join(', ')}`);
        assignNamed(target, source.cast(target.dtype), name);
      }
    };
    copy(this.argDict, args, 'argument');
    copy(this.auxDict, auxiliaryStates, 'auxiliary state');
  }

  /**
   * An executor of the same symbol for other shapes, such as another batch size (MXNet `reshape`). Arrays whose shape stays are shared, parameters above all;
   * others start as zeros. A new shape compiles once.
   *
   * @throws RangeError for an unknown name; where an argument that was not named would change, unless `partialShaping`; where one would grow, unless
   * `allowUpSizing`.
   */
  reshape(shapes: { readonly [argument: string]: Shape }, options: ReshapeOptions = {}): Executor {
    return new Executor(reshaped(this.#binding, shapes, options));
  }

  /**
   * Calls back with every operator's outputs in `forward`, and with the gradients it hands on in `backward` (MXNet `set_monitor_callback`); null ends it. The
   * arrays are recorded: what the callback records of them is computed where it is read or assigned.
   */
  setMonitorCallback(callback: MonitorCallback | null, options: MonitorCallbackOptions = {}): void {
    this.#monitor = callback ? installed(callback, options) : undefined;
  }

  /**
   * The first array of the last forward, and of the backward after it, that is NaN or infinite somewhere: node, argument, and whether it came in or was made
   * there. Undefined where everything is finite. Computes the passes once more where they have been computed already.
   *
   * @throws Error where there was no forward.
   */
  async firstNonFinite(): Promise<NonFinite | undefined> {
    return locateNonFinite(await this.#lastPass('firstNonFinite'), this.#backward);
  }

  /**
   * Checks the inputs of every loss of the last forward, and indices, where the engine computes them too: NaN, class indices outside the classes, negative
   * weights. One run of the engine, together with whatever else is pending: for a first batch, or when a loss has become NaN. `bind` with `checkInputs:
   * 'all'` does it after every forward.
   *
   * @throws RangeError naming node, argument, value, position, the way out, and the node where a NaN arose; Error where there was no forward.
   */
  async checkInputs(): Promise<void> {
    await checkAllInputs(await this.#lastPass('checkInputs'));
  }

  /** @internal What a step would compute, recorded apart from the arrays: outputs and, in training, wanted gradients. Head gradients are ones. */
  async recordStep(isTrain: boolean): Promise<NDArray[]> {
    const effect = this.#nodes.find((node) => node.operator?.hasEffects);
    if (effect) throw new RangeError(`${effect.label} computes outside the program; the rest can be told without it`);
    const pass: ForwardPass = { runs: [], outputsOf: new Map() };
    // Dropout's masks must not move the generator on.
    const random = new RandomGenerator();
    await recordForward(pass, this.#nodes, this.#variables, new Map(), { isTrain, random, validRows: undefined });
    const outputs = this.symbol.outputs.map(({ node, index }) => pass.outputsOf.get(node)![index]!);
    if (!isTrain) return outputs;
    const headGradients = this.symbol.outputs.map(({ node }, i) => (startsGradient(node) ? null : ones(outputs[i]!.shape)));
    const result = await recordBackward(pass, { heads: this.symbol.outputs, headGradients, wanted: this.#wanted, recompute: this.#binding.recompute });
    return [...outputs, ...this.#argumentNodes.flatMap((node, i) => (this.#wantsGradient(i) ? (result.gradientOf(node) ?? []) : []))];
  }

  /** Ends the last pass and feeds the next. */
  async #begin(isTrain: boolean, feeds: { readonly [argument: string]: NDArray }, continues: boolean): Promise<void> {
    this.#release?.();
    // A loop that never reads would record one endless program: its last step is computed before the next begins.
    if (isTrain && continues) endStep();
    else if (isTrain && this.outputs.some(isPending)) await waitAll();
    this.#pass = undefined;
    this.#again = undefined;
    this.#backward = undefined;
    // What earlier micro-batches contributed is computed with this one, not all together at the end.
    for (const [node, parts] of this.#contributions) this.#contributions.set(node, parts.map(keep));
    this.#feed(feeds);
    for (const { array, value } of this.#fixed) array.assign(value);
  }

  async #lastPass(what: string): Promise<ForwardPass> {
    if (this.#again) {
      const { pass, backward } = await this.#again();
      [this.#pass, this.#backward, this.#again] = [pass, backward, undefined];
    }
    if (!this.#pass) throw new Error(`${what}: there was no forward yet; call forward({ isTrain: true }) first`);
    return this.#pass;
  }

  /** What monitors are shown they may keep. */
  get #recording(): Recording {
    return this.#monitor ? (record) => record() : transient;
  }

  #giveGradients(gradientOf: (node: Node) => NDArray | null): void {
    this.#argumentNodes.forEach((node, i) => {
      if (!this.#wantsGradient(i)) return;
      const array = this.gradArrays[i]!;
      const gradient = gradientOf(node);
      if (this.gradReqs[i] === 'write') array.assign(gradient ?? 0);
      else if (gradient) array.assign(array.add(gradient));
    });
  }

  #contribute(node: Node, parts: readonly NDArray[] | undefined): void {
    if (!parts) return;
    const before = this.#contributions.get(node);
    this.#contributions.set(node, before ? parts.map((part, k) => before[k]!.add(part)) : [...parts]);
  }

  /** What a backward of the last forward will refer to. */
  #needed(): NDArray[] {
    return this.#pass ? neededByBackward(this.#pass.runs, this.#wanted, this.#binding.recompute) : [];
  }

  #refuseGradientsOfIndices(): void {
    for (const node of this.#nodes) {
      for (const argument of node.operator?.withoutGradient ?? []) {
        const input = node.inputs[node.operator!.inputs(node.parameters).indexOf(argument)]!.node;
        if (this.#wanted.has(input)) throw new RangeError(`${node.label}: its ${argument} (${input.name}) are indices, which have no gradient; bind with gradReq null for it`);
      }
    }
  }

  #wantsGradient(argument: number): boolean {
    return this.gradReqs[argument] !== 'null' && this.gradArrays[argument] !== null;
  }

  #feed(feeds: { readonly [argument: string]: NDArray }): void {
    for (const [name, source] of Object.entries(feeds)) {
      const target = this.#arguments.get(name);
      if (!target) throw new RangeError(`forward: there is no argument ${name}; the arguments are ${this.symbol.listArguments().join(', ')}`);
      assignNamed(target, source, name, true);
    }
  }
}

/** An array that an operator holds at one number, whatever is assigned to it. */
interface FixedVariable {
  readonly array: NDArray;
  readonly value: number;
}

function fixedVariables(nodes: readonly Node[], variables: ReadonlyMap<Node, NDArray>): FixedVariable[] {
  return nodes.flatMap(({ operator, inputs, parameters }) => Object.entries(operator?.fixedInputs?.(parameters) ?? {}).flatMap(([argument, value]) => {
    const array = variables.get(inputs[operator!.inputs(parameters).indexOf(argument)]!.node);
    return array ? [{ array, value }] : [];
  }));
}

function assignNamed(target: NDArray, source: NDArray, name: string, lazily = false): void {
  try {
    if (lazily) target.assignLazily(source);
    else target.assign(source);
  } catch (error) {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  }
}

function dictionary<T>(names: readonly string[], arrays: readonly T[], what: string): { readonly [name: string]: T } {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`two ${what}s are named ${twice}; make one variable and use it twice, or give them different names`);
  return Object.fromEntries(names.map((name, i) => [name, arrays[i]!]));
}
