import { group, Symbol, variable } from '@lossworks/graph';
import { array, scalar } from '@lossworks/ndarray';
import { centerInfos, difference, evaluateExactly, type LossInfo, type LossSample, type LossSampleInputs } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import * as losses from '../src/index.js';
import { bindTo, byName, labels, numbers, random, runSymbol, type SampleInputs } from './run-symbol.js';

type Creator = (options: { readonly [option: string]: unknown }) => Symbol;
const creators = losses as unknown as { readonly [name: string]: Creator };
const data = variable('data');
const label = variable('label');

interface Named {
  readonly name: string;
  readonly info: LossInfo;
  readonly sample: LossSample;
}

const table = Object.entries(centerInfos as { readonly [name: string]: LossInfo }).flatMap(([name, info]) =>
  Object.entries(info.samples).map(([what, sample]): readonly [string, Named] => [`${name}: ${what}`, { name, info, sample }]));

const build = ({ name, sample }: Named, options: object = {}): Symbol => creators[name]!({ data, label, ...sample.options, ...options, name: 'loss' });

/** Inputs apart from the centers, which are a state. */
function split({ center, ...inputs }: LossSampleInputs): { inputs: LossSampleInputs; states: SampleInputs } {
  return { inputs, states: { loss_center: center! } };
}

type OfInputs = (named: Named, inputs: LossSampleInputs) => number;
const sumOfLosses: OfInputs = ({ info, sample }, inputs) => info.reference(inputs, sample.options ?? {}).reduce((total, loss) => total + loss, 0);
const termOf: OfInputs = ({ info, sample }, inputs) => info.term?.(inputs, sample.options ?? {}) ?? 0;

/** d f / d input, by differences. */
function slope(f: OfInputs, named: Named, input: string): number[] {
  const { shape, data: values } = named.sample.inputs[input]!;
  const moved = (at: number, by: number): number => f(named, { ...named.sample.inputs, [input]: { shape, data: values.map((value, i) => (i === at ? value + by : value)) } });
  return values.map((_, at) => (moved(at, 1e-5) - moved(at, -1e-5)) / 2e-5);
}

/** What an executor gets of a loss by convention: λ · derivative of the sum (divided by the batch where told), and of the table's own term. */
function expectedGradient(named: Named, input: string, scale = 1, divisor = 1): number[] {
  const [losses, term] = [slope(sumOfLosses, named, input), slope(termOf, named, input)];
  return losses.map((value, i) => scale * (value / divisor + (input === 'center' ? term[i]! : 0)));
}

/** Equation 4, and down the slope of the table's own term. */
function expectedCenters(named: Named, alpha: number): number[] {
  const term = slope(termOf, named, 'center');
  return followed(named.sample.inputs, alpha).map((value, i) => value - alpha * term[i]!);
}

test('every loss around centers has samples', () => {
  expect(Object.keys(centerInfos)).toEqual(Object.keys(losses.centerTables));
});

describe('losses around centers', () => {
  test.each(table)('%s: the value is the mean of the reference, the gradient that of the sum', async (_, named) => {
    const { inputs, states } = split(named.sample.inputs);
    const reference = named.info.reference(named.sample.inputs, named.sample.options ?? {});
    const run = await runSymbol(build(named), inputs, { states, heads: [array([1])] });
    expect(difference('value', run.outputs[0]!, [reference.reduce((total, loss) => total + loss, 0) / reference.length + termOf(named, named.sample.inputs)])).toBeUndefined();
    expect(difference('gradient', run.gradients['data']!, expectedGradient(named, 'data'))).toBeUndefined();
  });

  test.each(table)('%s: centers that are trained get the derivative', async (_, named) => {
    const { center, ...inputs } = named.sample.inputs;
    const symbol = build(named, { centerUpdate: 'gradient', scale: 2, normalization: 'batch' });
    expect(symbol.listArguments()).toEqual(['data', 'label', 'loss_center']);
    const run = await runSymbol(symbol, { ...inputs, loss_center: center! }, { heads: [array([1])] });
    expect(difference('gradient', run.gradients['data']!, expectedGradient(named, 'data', 2, 6))).toBeUndefined();
    expect(difference('gradient of centers', run.gradients['loss_center']!, expectedGradient(named, 'center', 2, 6))).toBeUndefined();
  });

  test.each(table)('%s: in float64, value, gradients and centers are those of the reference and its differences within 1e-6', async (_, named) => {
    const within = { relative: 1e-6, absolute: 1e-7 };
    const { inputs, states } = split(named.sample.inputs);
    const value = [sumOfLosses(named, named.sample.inputs) / 6 + termOf(named, named.sample.inputs)];
    const following = bindTo(build(named, { alpha: 0.5 }), inputs, states);
    const trained = bindTo(build(named, { centerUpdate: 'gradient' }), { ...inputs, loss_center: states['loss_center']! });
    for (const executor of [following, trained]) {
      await executor.forward({ isTrain: true });
      await executor.backward([array([1])]);
      // What the executors recorded, computed without an engine.
      const [found, gradient] = evaluateExactly([executor.outputs[0]!, executor.gradDict['data']!]);
      expect(difference('value', found!, value, within)).toBeUndefined();
      expect(difference('gradient', gradient!, expectedGradient(named, 'data'), within)).toBeUndefined();
    }
    const [moved, ofCenters] = evaluateExactly([following.auxDict['loss_center']!, trained.gradDict['loss_center']!]);
    expect(difference('centers', moved!, expectedCenters(named, 0.5), within)).toBeUndefined();
    expect(difference('gradient of centers', ofCenters!, expectedGradient(named, 'center'), within)).toBeUndefined();
  });

  test.each(table)('%s: the gradient is linear in scale and head gradient, and the centers heed neither', async (_, named) => {
    const { inputs, states } = split(named.sample.inputs);
    const one = await runSymbol(build(named), inputs, { states, heads: [array([1])] });
    const six = await runSymbol(build(named, { scale: 2 }), inputs, { states, heads: [array([3])] });
    expect(difference('gradient', six.gradients['data']!, one.gradients['data']!.map((value) => value * 6))).toBeUndefined();
    expect(six.states).toEqual(one.states);
    expect(one.gradients['label']!.every((value) => value === 0)).toBe(true);
  });

  test.each(table)('%s: centers follow by equation 4, and stay where a class is absent', async (_, named) => {
    const { inputs, states } = split(named.sample.inputs);
    const run = await runSymbol(build(named, { alpha: 0.4 }), inputs, { states, heads: [array([1])] });
    expect(difference('centers', run.states['loss_center']!, expectedCenters(named, 0.4))).toBeUndefined();
    // The centers of an island drive each other apart, absent or not.
    if (termOf(named, named.sample.inputs) === 0) expect(run.states['loss_center']!.slice(9)).toEqual(states['loss_center']!.data.slice(9));
  });

  test.each(table)('%s: padded rows change neither value nor gradient nor centers', async (_, named) => {
    const { inputs, states } = split(named.sample.inputs);
    const whole = await runSymbol(build(named), inputs, { states, heads: [array([1])] });
    const padded = {
      data: { shape: [8, 3], data: [...inputs['data']!.data, 9, 9, 9, -9, 9, 9] }, label: { shape: [8], data: [...inputs['label']!.data, 1, 3] },
    };
    const masked = await runSymbol(build(named), padded, { states, heads: [array([1])], validRows: scalar(6) });
    expect(difference('value', masked.outputs[0]!, whole.outputs[0]!)).toBeUndefined();
    expect(difference('gradient', masked.gradients['data']!, [...whole.gradients['data']!, 0, 0, 0, 0, 0, 0])).toBeUndefined();
    expect(difference('centers', masked.states['loss_center']!, whole.states['loss_center']!)).toBeUndefined();
  });

  test.each(table)('%s: micro-batches move the centers as one batch does, and a second backward not again', async (_, named) => {
    const { inputs, states } = split(named.sample.inputs);
    const whole = await runSymbol(build(named), inputs, { states, heads: [array([1])] });
    const half = (from: number, to: number): SampleInputs => ({
      data: { shape: [3, 3], data: inputs['data']!.data.slice(from * 3, to * 3) }, label: { shape: [3], data: inputs['label']!.data.slice(from, to) },
    });
    const executor = bindTo(build(named), half(0, 3), states);
    const gradients: number[] = [];
    for (const [from, to] of [[0, 3], [3, 6]] as const) {
      const feeds = Object.fromEntries(Object.entries(half(from, to)).map(([name, each]) => [name, array([...each.data], { shape: each.shape })]));
      await executor.forward({ isTrain: true, feeds });
      await executor.backward([array([1])], { commit: false });
      await executor.backward([array([1])], { commit: false });
      gradients.push(...(await numbers(executor.gradDict['data']!)));
    }
    expect(await numbers(executor.auxDict['loss_center']!)).toEqual(states['loss_center']!.data.map(Math.fround));
    executor.commit();
    // Nor does a commit that has nothing to commit, or a backward that would by itself.
    executor.commit();
    await executor.backward([array([1])]);
    expect(difference('gradient', gradients, whole.gradients['data']!)).toBeUndefined();
    expect(difference('centers', (await byName(executor.auxDict))['loss_center']!, whole.states['loss_center']!)).toBeUndefined();
  });

  test.each([
    ['identical embeddings', { data: { shape: [4, 2], data: [1, 2, 1, 2, 1, 2, 1, 2] }, label: labels([0, 1, 2, 0]) }, 3],
    ['zero vectors', { data: { shape: [4, 2], data: [0, 0, 0, 0, 0, 0, 0, 0] }, label: labels([0, 1, 2, 0]) }, 3],
    ['one class only', { data: random([4, 2]), label: labels([0, 0, 0, 0]) }, 1],
    ['features of ±10000', { data: { shape: [4, 2], data: [1e4, -1e4, 1e4, 1e4, -1e4, 0, 0, 1] }, label: labels([0, 1, 2, 0]) }, 3],
  ] as const)('all stay finite at %s', async (_, inputs, numClass) => {
    for (const name of Object.keys(centerInfos)) {
      for (const centerUpdate of ['follow', 'gradient']) {
        const symbol = creators[name]!({ data, label, numClass, centerUpdate, name: 'loss' });
        const given = centerUpdate === 'gradient' ? { ...inputs, loss_center: { shape: [numClass, 2], data: new Array<number>(numClass * 2).fill(0) } } : inputs;
        const run = await runSymbol(symbol, given, { heads: [array([1])] });
        expect([...run.outputs.flat(), ...Object.values(run.gradients).flat(), ...Object.values(run.states).flat()].every(Number.isFinite), `${name} ${centerUpdate}`).toBe(true);
      }
    }
  });

  test('read back from symbol JSON', () => {
    losses.registerLossOperators();
    for (const name of Object.keys(centerInfos)) {
      const text = creators[name]!({ data, label, numClass: 3, name: 'loss' }).toJSONText();
      expect(Symbol.loadJSON(text).toJSONText()).toBe(text);
    }
  });
});

/** Equation 4 by loops. */
function followed({ data: x, label: y, center }: LossSampleInputs, alpha: number): number[] {
  const width = center!.shape[1]!;
  return center!.data.map((c, at) => {
    const [k, d] = [Math.floor(at / width), at % width];
    const rows = y!.data.flatMap((own, i) => (own === k ? [x!.data[i * width + d]!] : []));
    return c + (alpha * rows.reduce((sum, value) => sum + value - c, 0)) / (1 + rows.length);
  });
}

describe('islandLoss', () => {
  const centers = { shape: [3, 2], data: [1, 0, 0.8, 0.6, -0.6, 0.8] };
  const inputs = { data: random([4, 2]), label: labels([0, 1, 1, 0]) };
  // λ₁/(2(K − 1)) Σ_{j≠k}(cos + 1)
  const term = (c: readonly number[], island: number): number => {
    const rows = [0, 1, 2].map((k) => c.slice(2 * k, 2 * k + 2) as [number, number]);
    let sum = 0;
    rows.forEach((a, j) => rows.forEach((b, k) => { if (j !== k) sum += (a[0] * b[0] + a[1] * b[1]) / (Math.hypot(...a) * Math.hypot(...b)) + 1; }));
    return (island / 4) * sum;
  };

  test('adds the cosines of the centers to the value and drives the centers apart, absent classes too', async () => {
    const options = { data, label, numClass: 3, alpha: 0.5, name: 'loss' };
    const states = { loss_center: centers };
    const without = await runSymbol(losses.islandLoss({ ...options, island: 0 }), inputs, { states, heads: [array([1])] });
    const run = await runSymbol(losses.islandLoss({ ...options, island: 2 }), inputs, { states, heads: [array([1])] });
    expect(run.outputs[0]![0]! - without.outputs[0]![0]!).toBeCloseTo(term(centers.data, 2), 5);
    const slope = centers.data.map((_, at) => (term(centers.data.map((c, i) => (i === at ? c + 1e-5 : c)), 2) - term(centers.data.map((c, i) => (i === at ? c - 1e-5 : c)), 2)) / 2e-5);
    expect(difference('centers', run.states['loss_center']!, without.states['loss_center']!.map((c, i) => c - 0.5 * slope[i]!))).toBeUndefined();
    expect(run.gradients['data']).toEqual(without.gradients['data']);
  });
});

describe('the conventions of center loss', () => {
  const batch = 4;
  const scale = 0.3;
  const inputs = { data: random([batch, 3]), label: labels([0, 2, 2, 1]) };
  const centers = random([3, 3], 5);

  /** Gradients that the optimizer applies: softmax on the features themselves, and center loss. */
  async function applied(name: losses.CenterLossConventionName): Promise<{ softmax: number[]; center: number[]; states: number[] | undefined; trained: number[] | undefined }> {
    const { centerLoss: options, softmaxNormalization: normalization, rescaleGradient } = losses.centerLossConventions[name];
    const [first, second] = [variable('first'), variable('second')];
    const softmax = losses.softmaxOutput({ data: first, label, normalization, name: 'softmax' });
    const center = losses.centerLoss({ data: second, label, numClass: 3, scale, alpha: 0.5, ...options, name: 'loss' });
    const trained = options.centerUpdate === 'gradient';
    const run = await runSymbol(group([softmax, losses.makeLoss({ data: center, name: 'made' })]), {
      first: inputs.data, label: inputs.label, second: inputs.data, ...(trained && { loss_center: centers }),
    }, trained ? {} : { states: { loss_center: centers } });
    const rescale = (gradient: number[] | undefined): number[] | undefined => gradient?.map((value) => value * rescaleGradient(batch));
    return { softmax: rescale(run.gradients['first'])!, center: rescale(run.gradients['second'])!, states: run.states['loss_center'], trained: rescale(run.gradients['loss_center']) };
  }

  const apart = inputs.data.data.map((x, at) => x - centers.data[inputs.label.data[Math.floor(at / 3)]! * 3 + (at % 3)]!);
  const meanCrossEntropy = inputs.data.data.map((_, at) => {
    const row = Math.floor(at / 3);
    const powers = inputs.data.data.slice(row * 3, row * 3 + 3).map(Math.exp);
    return (powers[at % 3]! / powers.reduce((sum, power) => sum + power) - Number(inputs.label.data[row] === at % 3)) / batch;
  });

  test.each(Object.keys(losses.centerLossConventions) as losses.CenterLossConventionName[])('%s: λ is the effective one, beside the mean cross entropy', async (name) => {
    const { softmax, center } = await applied(name);
    expect(difference('softmax', softmax, meanCrossEntropy)).toBeUndefined();
    const lambda = losses.centerLossConventions[name].effectiveLambda(scale, batch);
    expect(difference('center', center, apart.map((value) => (lambda * value) / batch))).toBeUndefined();
  });

  test.each(['paper', 'caffe', 'mxnet2016'] as const)('%s: centers move by equation 4 whatever λ is', async (name) => {
    const { states } = await applied(name);
    expect(difference('centers', states!, followed({ data: inputs.data, label: inputs.label, center: centers }, 0.5))).toBeUndefined();
  });

  test('autograd: centers get λ Σ(c − x)/B, without counts', async () => {
    const { trained, states } = await applied('autograd');
    const sums = centers.data.map((_, at) => -apart.reduce((sum, value, i) => (inputs.label.data[Math.floor(i / 3)] === Math.floor(at / 3) && i % 3 === at % 3 ? sum + value : sum), 0));
    expect(states).toBeUndefined();
    expect(difference('gradient of centers', trained!, sums.map((sum) => (scale * sum) / batch))).toBeUndefined();
  });
});

describe('marginLogits', () => {
  const scaled = { scale: 8 };
  test.each([['normFace', scaled], ['cosFace', scaled], ['arcFace', scaled], ['sphereFace', {}], ['largeMargin', {}]] as const)('%s before softmaxOutput has the gradient of the loss function', async (kind, options) => {
    const inputs = { data: random([4, 3]), label: labels([0, 2, 1, 2]), weight: random([3, 3], 3) };
    const logits = losses.marginLogits({ data, label, weight: variable('weight'), kind, numClass: 3, ...options, name: 'logits' });
    const trained = await runSymbol(losses.softmaxOutput({ data: logits, label, name: 'softmax' }), inputs);
    const loss = creators[`${kind}Loss`]!({ data, label, weight: variable('weight'), reduction: 'sum', ...options, name: 'loss' });
    const expected = await runSymbol(loss, inputs, { heads: [array([1])] });
    for (const name of ['data', 'weight']) expect(difference(`gradient of ${name}`, trained.gradients[name]!, expected.gradients[name]!)).toBeUndefined();
  });
});
