import { splitBatch } from '@lossworks/data';
import type { Executor, ForwardOptions, HeadGradients, Monitor } from '@lossworks/graph';
import { concat, keep, maximum, minimum, type NDArray, scratch, type Shape, slice, transient, zeros } from '@lossworks/ndarray';
import type { NamedShape } from './batch.js';
import { Binding, type BindingOptions } from './binding.js';

/** What one worker did of the last batch: its executor, and which samples it had. */
export interface Part {
  readonly executor: Executor;
  readonly begin: number;
  readonly end: number;
}

/** Outputs of one batch, a worker's after the other's, and which samples each had. */
export type KeptOutputs = readonly { readonly outputs: readonly NDArray[]; readonly begin: number; readonly end: number }[];

/** How a batch is gone through. */
interface PassOptions {
  readonly validRows: NDArray | undefined;
  /** Whether steps that are still to be computed go with this one. */
  readonly continues: boolean;
}

export interface WorkersOptions extends BindingOptions {
  /** One a worker: how much of a batch it gets. */
  readonly workLoads: readonly number[];
}

/**
 * Workers that share the parameters and a batch (MXNet's devices of a context list). Each runs its slice of the batch with auxiliary states of its own; the
 * gradients are added up. With one worker nothing is sliced or added.
 */
export class Workers {
  readonly parameters: ReadonlyMap<string, NDArray>;
  /** Added up over the workers. */
  readonly gradients: ReadonlyMap<string, NDArray>;
  readonly #options: WorkersOptions;
  readonly #bindings: readonly Binding[];
  /** Axis of the samples, by the name of an input. */
  readonly #batchAxes: ReadonlyMap<string, number>;
  readonly #batchInput: string;
  #parts: readonly Part[] = [];

  /**
   * @param inputs what is fed, first the input whose samples are the batch; their shapes determine the parameters'.
   * @throws RangeError where a worker would get no sample.
   */
  constructor(options: WorkersOptions, inputs: readonly NamedShape[]) {
    this.#options = options;
    this.#batchAxes = new Map(inputs.map(({ name, batchAxis = 0 }) => [name, batchAxis]));
    this.#batchInput = inputs[0]?.name ?? '';
    const shapes = new Map(inputs.map(({ name, shape }) => [name, shape]));
    const [first, ...others] = this.#slices(shapes);
    const binding = new Binding(options, first!.shapes);
    this.#bindings = [binding, ...others.map((slice) => new Binding({ ...options, parameters: binding.parameters, auxiliaryStates: copies(options.auxiliaryStates) }, slice.shapes))];
    this.parameters = binding.parameters;
    this.gradients =
      others.length === 0
        ? binding.gradients
        : new Map([...binding.gradients].map(([name, { shape }]) => [name, options.gradReq === 'add' ? zeros(shape) : scratch(shape)]));
  }

  /** The auxiliary states of the first worker; `shareStates` hands them to the others. */
  get auxiliaryStates(): ReadonlyMap<string, NDArray> {
    return this.#bindings[0]!.auxiliaryStates;
  }

  /** Slices of the last batch, in the order of its samples. */
  get parts(): readonly Part[] {
    return this.#parts;
  }

  /** Records the outputs of a batch. `shapes` tells those of everything fed, and of labels that are not. */
  async forward(feeds: ReadonlyMap<string, NDArray>, shapes: ReadonlyMap<string, Shape>, { isTrain, validRows, continues }: PassOptions & { readonly isTrain: boolean }): Promise<void> {
    await this.#each(feeds, shapes, validRows, (executor, own) => executor.forward({ isTrain, continues, ...own }));
  }

  /** Records the outputs and the gradients of a batch in training, as `forward` and `backward` do. */
  async forwardBackward(feeds: ReadonlyMap<string, NDArray>, shapes: ReadonlyMap<string, Shape>, { validRows, continues }: PassOptions): Promise<void> {
    await this.#each(feeds, shapes, validRows, (executor, own) => executor.forwardBackward({ ...own, continues, commit: this.#bindings.length === 1 }));
    this.#join();
  }

  /** Calls on with each worker's executor for its slice of the batch. */
  async #each(
    feeds: ReadonlyMap<string, NDArray>,
    shapes: ReadonlyMap<string, Shape>,
    validRows: NDArray | undefined,
    call: (executor: Executor, own: Pick<ForwardOptions, 'feeds' | 'validRows'>) => Promise<unknown>,
  ): Promise<void> {
    const slices = this.#slices(shapes);
    const parts = slices.map(({ begin, end, shapes: own }, worker) => ({ executor: this.#bindings[worker]!.executorFor(own), begin, end }));
    for (const { executor, begin, end } of parts) {
      const whole = parts.length === 1;
      const rows = whole || !validRows ? validRows : minimum(maximum(validRows.sub(begin), 0), end - begin);
      const own = whole ? feeds : new Map([...feeds].map(([name, array]) => [name, this.#slice(name, array, begin, end)]));
      await call(executor, { feeds: Object.fromEntries(own), ...(rows && { validRows: rows }) });
    }
    this.#parts = parts;
  }

  /** Records the gradients of the last batch, and what its samples contribute to auxiliary states: all of them together change a state once. */
  async backward(headGradients?: HeadGradients): Promise<void> {
    const [first, ...others] = this.#parts.map(({ executor }) => executor);
    if (others.length === 0) return first!.backward(headGradients);
    if (headGradients !== undefined) throw new RangeError('Module.backward: head gradients are for one worker; give workLoads one entry, or make the outputs losses');
    for (const executor of [first!, ...others]) await executor.backward(undefined, { commit: false });
    this.#join();
  }

  /** Brings what several workers found together. */
  #join(): void {
    const [first, ...others] = this.#parts.map(({ executor }) => executor);
    if (others.length === 0) return;
    first!.commit(others);
    // Under `add` the workers' own arrays hold the sums over the passes.
    transient(() => {
      for (const [name, total] of this.gradients) total.assign(this.#bindings.map(({ gradients }) => gradients.get(name)!).reduce((sum, each) => sum.add(each)));
    });
  }

  /** Outputs of the last batch, the workers' one after the other. */
  get outputs(): readonly NDArray[] {
    const [first, ...others] = this.#parts.map(({ executor }) => executor.outputs);
    return others.length === 0 ? first! : first!.map((output, i) => concat([output, ...others.map((outputs) => outputs[i]!)], 0));
  }

  /** The outputs of the last batch, to be computed at the next evaluation and kept when another batch follows. */
  keepOutputs(): KeptOutputs {
    return this.#parts.map(({ executor, begin, end }) => ({ outputs: executor.outputs.map(keep), begin, end }));
  }

  /** The auxiliary states of every worker. */
  get allStates(): readonly NDArray[] {
    return this.#bindings.flatMap(({ auxiliaryStates }) => [...auxiliaryStates.values()]);
  }

  /** Gradient of an input over the last batch; undefined where it was not asked for. */
  inputGradient(name: string): NDArray | undefined {
    const gradients = this.#parts.flatMap(({ executor }) => executor.gradDict[name] ?? []);
    return gradients.length > 1 ? concat(gradients, this.#batchAxes.get(name) ?? 0) : gradients[0];
  }

  /** Auxiliary states as one network has them: the mean over the workers. */
  meanStates(): ReadonlyMap<string, NDArray> {
    if (this.#bindings.length === 1) return this.auxiliaryStates;
    const mean = (name: string) => this.#bindings.map(({ auxiliaryStates }) => auxiliaryStates.get(name)!).reduce((sum, each) => sum.add(each)).mul(1 / this.#bindings.length);
    return new Map([...this.auxiliaryStates.keys()].map((name) => [name, mean(name)]));
  }

  /** Lets a monitor listen to every worker. */
  installMonitor(monitor: Monitor): void {
    for (const binding of this.#bindings) binding.installMonitor(monitor);
  }

  /** Gives every worker the first one's auxiliary states. */
  shareStates(): void {
    for (const { auxiliaryStates } of this.#bindings.slice(1)) for (const [name, state] of auxiliaryStates) state.assign(this.auxiliaryStates.get(name)!);
  }

  /** Which samples each worker gets, and the shapes of its inputs. */
  #slices(shapes: ReadonlyMap<string, Shape>) {
    const { workLoads } = this.#options;
    const batchSize = shapes.get(this.#batchInput)?.[this.#batchAxes.get(this.#batchInput) ?? 0] ?? 0;
    if (workLoads.length === 1) return [{ begin: 0, end: batchSize, shapes }];
    return splitBatch(batchSize, workLoads).map(([begin, end]) => {
      const own = [...shapes].map(([name, shape]) => [name, shape.map((length, axis) => (axis === (this.#batchAxes.get(name) ?? 0) ? end - begin : length))] as const);
      return { begin, end, shapes: new Map<string, Shape>(own) };
    });
  }

  #slice(name: string, array: NDArray, begin: number, end: number): NDArray {
    const axis = this.#batchAxes.get(name) ?? 0;
    return slice(array, array.shape.map((_, i) => (i === axis ? begin : 0)), array.shape.map((length, i) => (i === axis ? end : length)));
  }
}

function copies(arrays: ReadonlyMap<string, NDArray>): ReadonlyMap<string, NDArray> {
  return new Map([...arrays].map(([name, array]) => [name, array.snapshot()]));
}
