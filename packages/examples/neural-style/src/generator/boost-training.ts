import { bind, type Executor, type Symbol } from '@lossworks/graph';
import { createInitializer } from '@lossworks/module';
import { type NDArray, RandomGenerator, type Shape, zeros } from '@lossworks/ndarray';
import { createOptimizer, type Optimizer } from '@lossworks/optim';
import { clippedByNorm } from '../style/clip-by-norm.js';
import { meanColour } from '../trunk/pixels.js';
import { contentFeatures, Critic, type CriticOptions } from './critic.js';
import { generator, type GeneratorKind, meanName } from './generators.js';

export interface BoostTrainingOptions extends CriticOptions {
  readonly generators: readonly GeneratorKind[];
  /** Share of MXNet's numbers of filters. */
  readonly width: number;
  readonly size: number;
  /** Gram matrices of the style at that size. */
  readonly styleGrams: readonly NDArray[];
  /**
   * What a generator is told of those behind it. `straight-through` as in MXNet's boost_train.py: the direction for their output, as if they were not there;
   * `chain-rule`: what the next one's backward makes of it.
   */
  readonly carry: 'straight-through' | 'chain-rule';
  readonly learningRate: number;
  /** Limit of each direction's 2-norm, as a multiple of the number of elements; Infinity for none. */
  readonly clip: number;
  readonly seed: number;
}

/** Generators one behind the other; each improves what the one before drew. */
export interface BoostTraining {
  readonly generators: readonly Executor[];
  /** Each generator's critic. */
  readonly critics: readonly Critic[];
  /** Records one step for an image (1, 3, size, size). */
  step(image: NDArray): Promise<void>;
  /** The same without the updates: gradients stay in the generators' dictionaries. */
  differentiate(image: NDArray): Promise<void>;
  /** All generators as one symbol over `data`. */
  readonly symbol: Symbol;
}

export function createBoostTraining(options: BoostTrainingOptions): BoostTraining {
  const input = zeros([1, 3, options.size, options.size]);
  const names = options.generators.map((_, k) => `g${k}`);
  const symbols = options.generators.map((kind, k) => generator(kind, { width: options.width, name: names[k]! }));
  const content = contentFeatures(options, input);
  const original = bind(content.symbol, { args: { ...content.args, data: input }, auxiliaryStates: content.auxiliaryStates, gradReq: 'null' });

  const random = new RandomGenerator(options.seed);
  const generators: Executor[] = [];
  for (const [k, symbol] of symbols.entries()) {
    generators.push(boundGenerator(symbol, { name: names[k]!, image: generators.at(-1)?.outputs[0] ?? input, random, needsInput: options.carry === 'chain-rule' && k > 0 }));
  }
  const critics = generators.map((executor) => new Critic(executor.outputs[0]!, { grams: options.styleGrams, content: original.outputs[0]! }, options));
  const updates = generators.map((executor, k) => updateByIndex(executor, [`data`, meanName(names[k]!)], options.learningRate));

  const backward = async (): Promise<void> => {
    let gradient: NDArray | undefined;
    for (let k = generators.length - 1; k >= 0; k--) {
      const direction = critics[k]!.gradient.add(await critics[k]!.smoothness());
      const sum = gradient ? gradient.add(direction) : direction;
      const head = Number.isFinite(options.clip) ? clippedByNorm(sum, options.clip * sum.size) : sum;
      await generators[k]!.backward(head);
      gradient = options.carry === 'chain-rule' ? (generators[k]!.gradDict['data'] ?? undefined) : head;
    }
  };
  const differentiate = async (image: NDArray): Promise<void> => {
    input.assignLazily(image);
    for (const executor of generators) await executor.forward({ isTrain: true });
    // Behind the generators, whose forward computes what the last step left pending.
    await original.forward();
    for (const critic of critics) await critic.judge();
    await backward();
  };
  return {
    generators,
    critics,
    symbol: symbols.reduce((sofar, next) => next.compose({ data: sofar })),
    differentiate,
    async step(image) {
      await differentiate(image);
      for (const update of updates) update();
    },
  };
}

/** A generator bound to the image it improves, with first weights by Xavier's rule, magnitude 2. */
function boundGenerator(symbol: Symbol, { name, image, random, needsInput }: { readonly name: string; readonly image: NDArray; readonly random: RandomGenerator; readonly needsInput: boolean }): Executor {
  const fixed: { readonly [argument: string]: NDArray } = { data: image, [meanName(name)]: meanColour() };
  const inferred = symbol.inferShapePartial({ data: image.shape, [meanName(name)]: [1, 3, 1, 1] });
  const attributes = symbol.attrDict();
  const xavier = createInitializer('xavier', { magnitude: 2 });
  const filled = (names: readonly string[], shapes: readonly Shape[]) =>
    Object.fromEntries(names.map((argument, i) => [argument, fixed[argument] ?? xavier.initialize({ name: argument, shape: shapes[i]!, attributes: attributes[argument] ?? {} }, random)]));
  const args = filled(symbol.listArguments(), inferred.arguments);
  const gradients = Object.fromEntries(Object.entries(args).flatMap(([argument, { shape }]) => (argument === meanName(name) || (argument === 'data' && !needsInput) ? [] : [[argument, zeros(shape)]])));
  return bind(symbol, { args, gradients, auxiliaryStates: filled(symbol.listAuxiliaryStates(), inferred.auxiliaryStates) });
}

/** One optimizer, called for each argument by its index, as MXNet's listing does. */
function updateByIndex(executor: Executor, fixed: readonly string[], learningRate: number): () => void {
  const optimizer: Optimizer = createOptimizer('sgd', { learningRate, momentum: 0.9, weightDecay: 5e-3, clipGradient: 5 });
  const trained = executor.symbol.listArguments().flatMap((name, index) => (fixed.includes(name) ? [] : [{ index, weight: executor.argDict[name]!, gradient: executor.gradDict[name]! }]));
  const states = trained.map(({ index, weight }) => optimizer.createState(index, weight));
  return () => trained.forEach(({ index, weight, gradient }, i) => optimizer.update(index, weight, gradient, states[i]!));
}
