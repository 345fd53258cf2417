import { Constant, createInitializer, type Initializer, Load, Mixed, One, Orthogonal, Zero } from '@lossworks/module';
import { array, ones, RandomGenerator } from '@lossworks/ndarray';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray } from './deviation.js';

interface RecordedStatistics {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
}

/** The cases of `initializers.json` that concern values. */
export type InitializerCase = { readonly name: string } & (
  | {
      readonly kind: 'initializer';
      /** Null for those that no text names; the case's name then says which it is. */
      readonly init: readonly [name: string, options: Readonly<Record<string, unknown>>] | null;
      readonly param: string;
      readonly shape: readonly number[];
      readonly paramAttrs?: Readonly<Record<string, string>>;
      readonly value?: RecordedArray;
      readonly stats?: RecordedStatistics;
      readonly error?: string;
    }
  | { readonly kind: 'initializer_gram'; readonly gram: RecordedArray }
);

type KindRunners = { readonly [K in InitializerCase['kind']]: (recorded: InitializerCase & { kind: K }) => Promise<CaseResult> };

const runners: KindRunners = { initializer: runInitializer, initializer_gram: runGram };

/** Replays one recorded initializer: exact values where nothing is random, statistics where something is. */
export async function runInitializerCase(recorded: InitializerCase): Promise<CaseResult> {
  const run = runners[recorded.kind] as (recorded: InitializerCase) => Promise<CaseResult>;
  return run(recorded);
}

// MXNet cannot write these as text; they are made as they were for the recording.
const unnamed: { readonly [name: string]: () => Initializer } = {
  mixed_bias: () => new Mixed([['bias', new Zero()], ['.*', new One()]]),
  mixed_match_is_prefix: () => new Mixed([['.*bias', new Constant({ value: 3 })], ['.*', new Constant({ value: 5 })]]),
  mixed_prefix: () => new Mixed([['weight', new Constant({ value: 3 })], ['.*', new Constant({ value: 5 })]]),
  mixed_prefix_hit: () => new Mixed([['fc', new Constant({ value: 3 })], ['.*', new Constant({ value: 5 })]]),
  mixed_nomatch: () => new Mixed([['weight', new Constant({ value: 3 })]]),
  load: () => new Load({ 'arg:fc_weight': array([[1, 2]]), b: ones([1]) }),
  load_missing: () => new Load({}),
  load_default: () => new Load({}, { defaultInitializer: new One() }),
};

async function runInitializer({ name, init, param, shape, paramAttrs, value, stats, error }: InitializerCase & { kind: 'initializer' }): Promise<CaseResult> {
  if (!init && !Object.hasOwn(unnamed, name)) return { status: 'skipped', reason: `the case holds no initializer, and none is known under ${name}` };
  let numbers: ArrayLike<number>;
  try {
    const initializer = init ? createInitializer(JSON.stringify(init)) : unnamed[name]!();
    const target = { name: param, shape, ...(paramAttrs && { attributes: paramAttrs }) };
    numbers = await initializer.initialize(target, new RandomGenerator(7)).data();
  } catch (refusal) {
    return error === undefined ? { status: 'failed', detail: `refused: ${String(refusal)}` } : { status: 'passed' };
  }
  if (error !== undefined) return { status: 'failed', detail: 'accepted what MXNet refuses' };
  return verdict([value ? deviation('value', numbers, value.data) : statisticsDiffer(numbers, stats!)]);
}

/** Independent draws: mean and spread within five of their standard errors, extremes within a quarter of the largest. */
function statisticsDiffer(numbers: ArrayLike<number>, { mean, std, min, max }: RecordedStatistics): string | undefined {
  const values = Array.from(numbers);
  const ownMean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const ownStd = Math.sqrt(values.reduce((sum, value) => sum + (value - ownMean) ** 2, 0) / values.length);
  const standardError = std / Math.sqrt(values.length);
  const largest = Math.max(-min, max);
  const checks: readonly (readonly [what: string, found: number, wanted: number, tolerance: number])[] = [
    ['mean', ownMean, mean, 7 * standardError],
    ['std', ownStd, std, 7 * standardError],
    ['min', Math.min(...values), min, largest / 4],
    ['max', Math.max(...values), max, largest / 4],
  ];
  const wrong = checks.filter(([, found, wanted, tolerance]) => !(Math.abs(found - wanted) <= tolerance));
  return wrong.length === 0 ? undefined : wrong.map(([what, found, wanted]) => `${what} is ${found} instead of ${wanted}`).join('; ');
}

/** The name tells kind and shape, the recorded product the scale. */
async function runGram({ name, gram }: InitializerCase & { kind: 'initializer_gram' }): Promise<CaseResult> {
  const [, randType, dimensions] = /^orthogonal_(uniform|normal)_([\dx]+)$/.exec(name) ?? [];
  if (dimensions === undefined) return { status: 'skipped', reason: `the name ${name} tells no initializer and shape` };
  const shape = dimensions.split('x').map(Number);
  const initializer = new Orthogonal({ scale: Math.sqrt(Number(gram.data[0])), randType: randType as 'uniform' | 'normal' });
  const numbers = await initializer.initialize({ name: 'w_weight', shape }, new RandomGenerator(7)).data();
  const rows = shape[0]!;
  const columns = numbers.length / rows;
  const [count, length, at] =
    rows <= columns
      ? [rows, columns, (i: number, k: number) => numbers[i * columns + k]!]
      : [columns, rows, (i: number, k: number) => numbers[k * columns + i]!];
  const products = Array.from({ length: count * count }, (_, place) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += at(Math.floor(place / count), k) * at(place % count, k);
    return sum;
  });
  // Recorded with four decimals.
  return verdict([deviation('gram', products, gram.data, { relative: 0, absolute: 1e-4 })]);
}
