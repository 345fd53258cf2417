import { bind, type CheckInputs, type Executor, type Monitor, type Symbol } from '@lossworks/graph';
import { formatShape, type NDArray, type RandomGenerator, sameShape, scratch, type Shape, zeros } from '@lossworks/ndarray';

/** What `Binding` is told about a network. */
export interface BindingOptions {
  readonly symbol: Symbol;
  /** Arguments that are fed with each batch. */
  readonly inputNames: readonly string[];
  /** Arguments whose gradient is wanted. */
  readonly gradientNames: ReadonlySet<string>;
  /** `add` sums gradients over several backward passes. */
  readonly gradReq: 'write' | 'add';
  readonly checkInputs: CheckInputs;
  readonly random: RandomGenerator;
  /** Parameters there are already, by name. */
  readonly parameters: ReadonlyMap<string, NDArray>;
  readonly auxiliaryStates: ReadonlyMap<string, NDArray>;
}

/** Executors of one network, one for each shape of a batch, all over the same parameters. */
export class Binding {
  /** In the order of `listArguments`. */
  readonly parameters = new Map<string, NDArray>();
  readonly auxiliaryStates = new Map<string, NDArray>();
  readonly gradients = new Map<string, NDArray>();
  private readonly executors = new Map<string, Executor>();
  private monitor: Monitor | undefined;

  /** @param shapes those of the first batch; they determine the parameters' shapes. */
  constructor(
    private readonly options: BindingOptions,
    shapes: ReadonlyMap<string, Shape>,
  ) {
    const { symbol, inputNames, parameters, auxiliaryStates, gradientNames, gradReq } = options;
    const inferred = this.infer(shapes);
    const keep = (name: string, shape: Shape, known: NDArray | undefined) => {
      if (known && !sameShape(known.shape, shape)) {
        throw new RangeError(`bind: ${name} has shape ${formatShape(known.shape)}, this network needs ${formatShape(shape)}; load parameters of this network`);
      }
      return known ?? zeros(shape);
    };
    symbol.listArguments().forEach((name, i) => {
      const shape = inferred.arguments[i]!;
      if (!inputNames.includes(name)) this.parameters.set(name, keep(name, shape, parameters.get(name)));
      // Most gradients are wanted by the optimizer alone: kept in no array, they never leave the compiled step.
      if (gradientNames.has(name)) this.gradients.set(name, gradReq === 'add' || inputNames.includes(name) ? zeros(shape) : scratch(shape));
    });
    symbol.listAuxiliaryStates().forEach((name, i) => {
      this.auxiliaryStates.set(name, keep(name, inferred.auxiliaryStates[i]!, auxiliaryStates.get(name)));
    });
    this.executorFor(shapes);
  }

  /** The executor for a batch of these shapes, made the first time they come. */
  executorFor(shapes: ReadonlyMap<string, Shape>): Executor {
    const key = JSON.stringify([...shapes]);
    const known = this.executors.get(key);
    if (known) return known;
    const executor = this.make(shapes);
    this.executors.set(key, executor);
    this.monitor?.install(executor);
    return executor;
  }

  /** Lets a monitor listen to every executor, those for other shapes that are made later included. */
  installMonitor(monitor: Monitor): void {
    this.monitor = monitor;
    for (const executor of this.executors.values()) monitor.install(executor);
  }

  private make(shapes: ReadonlyMap<string, Shape>): Executor {
    const { symbol, gradientNames, gradReq, checkInputs, random } = this.options;
    const inferred = this.infer(shapes);
    const args: Record<string, NDArray> = {};
    const gradients: Record<string, NDArray> = {};
    symbol.listArguments().forEach((name, i) => {
      const shape = inferred.arguments[i]!;
      const parameter = this.parameters.get(name);
      if (parameter && !sameShape(parameter.shape, shape)) {
        throw new RangeError(
          `forward: for ${describe(shapes)} ${name} would need shape ${formatShape(shape)}, it has ${formatShape(parameter.shape)}; feed batches whose samples have the shape bound`,
        );
      }
      args[name] = parameter ?? zeros(shape);
      const gradient = this.gradients.get(name);
      if (gradient) gradients[name] = sameShape(gradient.shape, shape) ? gradient : zeros(shape);
    });
    const auxiliaryStates: Record<string, NDArray> = {};
    symbol.listAuxiliaryStates().forEach((name, i) => {
      const shape = inferred.auxiliaryStates[i]!;
      const state = this.auxiliaryStates.get(name)!;
      // A state as large as the batch holds something about that batch alone.
      auxiliaryStates[name] = sameShape(state.shape, shape) ? state : zeros(shape);
    });
    const requests = Object.fromEntries([...gradientNames].map((name) => [name, gradReq]));
    return bind(symbol, { args, gradients, auxiliaryStates, gradReq: requests, checkInputs, random });
  }

  private infer(shapes: ReadonlyMap<string, Shape>) {
    const inferred = this.options.symbol.inferShapePartial(Object.fromEntries(shapes));
    if (inferred.undetermined.length > 0) {
      throw new RangeError(
        `bind: ${describe(shapes)} does not determine the shape of ${inferred.undetermined.join(', ')}; name all inputs in dataNames and labelNames and give their shapes`,
      );
    }
    return inferred;
  }
}

function describe(shapes: ReadonlyMap<string, Shape>): string {
  return [...shapes].map(([name, shape]) => `${name} ${formatShape(shape)}`).join(', ');
}
