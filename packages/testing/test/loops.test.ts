import { useEngine, type Engine, type EngineBuffer, type Primitive, type Program, type ProgramStep } from '@lossworks/ndarray';
import { Heap, type Loop, operations, takeLoops } from '@lossworks/ndarray/internal';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

type Step = readonly [primitive: Primitive, ...operands: readonly number[]];

const float = (...shape: readonly number[]) => ({ shape, dtype: 'float32' as const });

/** A program of elementwise steps over arrays of one length and numbers, behind `others`: steps whose results are arrays already. */
function programOf(length: number, { arrays, numbers = 0, steps, outputs, replaced }: {
  readonly arrays: number; readonly numbers?: number; readonly steps: readonly Step[]; readonly outputs: readonly number[]; readonly replaced: readonly (number | undefined)[];
}): Program {
  const inputs = [...Array.from({ length: arrays }, () => float(length)), ...Array.from({ length: numbers }, () => float())];
  return {
    inputs, outputs, replaced,
    steps: steps.map(([primitive, ...operands]): ProgramStep => ({ primitive, operands, attributes: primitive === 'broadcastTo' ? { shape: [length] } : {}, ...float(length) }) as ProgramStep),
  };
}

/** The same, with nothing in it that is to hold what an input held: no loops. */
const withoutLoops = ({ inputs, steps, outputs }: Program): Program => ({ inputs, steps, outputs });

const pays = (): boolean => true;

let engine: Engine;
beforeAll(async () => {
  // More threads would leave long loops to ONNX Runtime.
  engine = await useEngine('onnx', { threads: 2 });
});

const upload = (data: readonly number[]): EngineBuffer => engine.upload(Float32Array.from(data), data.length === 1 ? [] : [data.length], 'float32');

/** Bits that differ are told apart, not a number's among each other are not. */
async function bits(buffers: readonly EngineBuffer[]): Promise<(number | string)[][]> {
  const read = await Promise.all(buffers.map((buffer) => engine.read(buffer)));
  return read.map((data) => Array.from(data, (value) => (Object.is(value, -0) ? '-0' : value)));
}

const extremes = [0, -0, 1, -1, 1.5, -3.25, 1e-45, -1e-45, 3.4e38, -3.4e38, 1 / 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

describe('a step in a loop gives the bits that ONNX Runtime gives', () => {
  it.each(Object.keys(operations) as Primitive[])('%s', async (primitive) => {
    const pairs = extremes.flatMap((a) => extremes.map((b) => [a, b] as const))
      // Which of two zeros is the larger is nobody's to say.
      .filter(([a, b]) => !(/min|max/.test(primitive) && a === 0 && b === 0));
    const isBinary = /add|sub|mul|div|min|max/.test(primitive);
    const program = programOf(pairs.length, { arrays: 2, steps: [[primitive, 0, ...(isBinary ? [1] : [])]], outputs: [2], replaced: [0] });
    expect(takeLoops(program, pays)?.loops).toHaveLength(1);
    const inputs = [0, 1].map((i) => upload(pairs.map((pair) => pair[i]!)));
    const [looped, plain] = [await engine.compile(program), await engine.compile(withoutLoops(program))];
    expect(await bits(await looped.run(inputs))).toEqual(await bits(await plain.run(inputs)));
  });
});

describe('what of a program is loops', () => {
  const size = 6;
  const momentum: readonly Step[] = [['mul', 1, 4], ['sub', 5, 2], ['add', 0, 6]];
  // w, m, g, a number μ: m ← μ·m − g, w ← w + m
  const update = (outputs: readonly number[], replaced: readonly (number | undefined)[], steps = momentum): Program =>
    programOf(size, { arrays: 3, numbers: 1, steps: [['broadcastTo', 3], ...steps], outputs, replaced });

  it('is what serves the next contents alone', () => {
    const { loops, before } = takeLoops(update([6, 7], [1, 0]), pays)!;
    expect(loops).toEqual([{
      size, arrays: [1, 2, 0], numbers: [3], numberSteps: [],
      steps: [{ primitive: 'mul', operands: [0, 3] }, { primitive: 'sub', operands: [4, 1] }, { primitive: 'add', operands: [2, 5] }],
      results: [{ output: 0, from: 5 }, { output: 1, from: 6 }],
    }]);
    expect(before).toEqual({ inputs: [], steps: [], outputs: [] });
  });

  it('and what its numbers come of, whoever else needs that', () => {
    const [w, a, b] = [0, 1, 2];
    const number = (primitive: Primitive, ...operands: readonly number[]) => ({ primitive, operands, attributes: {}, ...float() }) as ProgramStep;
    const spread = (operand: number) => ({ primitive: 'broadcastTo', operands: [operand], attributes: { shape: [size] }, ...float(size) }) as ProgramStep;
    // w ← w · (exp(a) · b) · b
    const steps = [number('exp', a), number('mul', 3, b), spread(4), spread(b), ...programOf(size, { arrays: 0, steps: [['mul', w, 5], ['mul', 7, 6]], outputs: [], replaced: [] }).steps];
    const { loops, before } = takeLoops({ inputs: [float(size), float(), float()], steps, outputs: [8, 4], replaced: [w, undefined] }, pays)!;
    expect(loops).toEqual([{
      size, arrays: [w], numbers: [b, 3], numberSteps: [{ primitive: 'mul', operands: [2, 1] }],
      steps: [{ primitive: 'mul', operands: [0, 3] }, { primitive: 'mul', operands: [4, 1] }],
      results: [{ output: 0, from: 5 }],
    }]);
    expect(before.steps.map(({ primitive }) => primitive)).toEqual(['exp', 'mul']);
  });

  const none: { readonly [what: string]: Program } = {
    'what replaces nothing': update([6, 7], [undefined, undefined]),
    'what something else needs too': update([6, 7, 8], [1, 0, undefined], [...momentum, ['exp', 7]]),
    'a step that loops do not know': update([5, 6], [1, 0], [['exp', 1], ['tanh', 0]]),
    'a row spread over others': {
      inputs: [float(2, 3), float(3)], outputs: [3], replaced: [0],
      steps: [{ primitive: 'broadcastTo', attributes: { shape: [2, 3] }, operands: [1], ...float(2, 3) }, { primitive: 'add', attributes: {}, operands: [0, 2], ...float(2, 3) }],
    },
    'whole numbers': {
      inputs: [{ shape: [3], dtype: 'int32' }], outputs: [1], replaced: [0], steps: [{ primitive: 'neg', attributes: {}, operands: [0], shape: [3], dtype: 'int32' }],
    },
    'what replaces an array that it does not read: the last of several steps': update([6, 7], [1, 0], [['exp', 1], ['sub', 5, 2], ['add', 0, 6]]),
    'two arrays that change places': programOf(size, { arrays: 2, steps: [['abs', 1], ['neg', 0]], outputs: [2, 3], replaced: [0, 1] }),
    'an array of one element, which others may read as a number': programOf(1, { arrays: 1, steps: [['neg', 0]], outputs: [1], replaced: [0] }),
    'a single number': { inputs: [float()], outputs: [1], replaced: [0], steps: [{ primitive: 'neg', attributes: {}, operands: [0], ...float() }] },
  };
  it.each(Object.entries(none))('is not %s', (_, program) => {
    expect(takeLoops(program, pays)).toBeUndefined();
  });

  it('is not what does not pay', () => {
    const asked: Loop[] = [];
    expect(takeLoops(update([6, 7], [1, 0]), (loop) => (asked.push(loop), false))).toBeUndefined();
    expect(asked.map(({ steps }) => steps.length)).toEqual([3]);
  });

  it('stops at a step that only the engine can do, and at a value that is wanted besides', () => {
    const { loops, before, outputs } = takeLoops(update([6, 7, 8], [undefined, 0, 1], [['exp', 2], ['sub', 1, 5], ['add', 6, 0], ['mul', 1, 6]].map((step) => step as unknown as Step)), pays)!;
    expect(loops.map(({ arrays, steps }) => [arrays, steps.map(({ primitive }) => primitive)])).toEqual([[[6, 0, 1], ['add', 'mul']]]);
    expect(before.steps.map(({ primitive }) => primitive)).toEqual(['exp', 'sub']);
    expect(outputs).toEqual([6]);
  });

  it('may be longer than the call stack allows', async () => {
    const [count, length] = [30_000, 10];
    const chain = programOf(length, { arrays: 1, steps: Array.from({ length: count }, (_, i) => ['abs', i] as const), outputs: [count], replaced: [0] });
    expect(takeLoops(chain, pays)!.loops.map(({ steps }) => steps.length)).toEqual([count]);
    // For ONNX Runtime to run.
    expect((await engine.compile({ ...chain, steps: chain.steps.slice(0, 5000), outputs: [5000] })).overwrites).toBeUndefined();
    const ofNumbers = programOf(length, { arrays: 1, numbers: 1, steps: [['broadcastTo', 5001], ['mul', 0, 5002]], outputs: [5003], replaced: [0] });
    const numberSteps = Array.from({ length: 5000 }, (_, i) => ({ primitive: 'abs', attributes: {}, operands: [1 + i], ...float() }) as ProgramStep);
    expect((await engine.compile({ ...ofNumbers, steps: [...numberSteps, ...ofNumbers.steps] })).overwrites).toBeUndefined();
  });

  it('falls apart where no array is shared', () => {
    const program = programOf(size, { arrays: 2, numbers: 1, steps: [['broadcastTo', 2], ['mul', 0, 3], ['mul', 1, 3]], outputs: [4, 5], replaced: [0, 1] });
    expect(takeLoops(program, pays)!.loops.map(({ arrays, numbers }) => [arrays, numbers])).toEqual([[[0], [2]], [[1], [2]]]);
  });
});

describe('a program in two parts gives the bits of the whole, run after run', () => {
  const elementwise = ['add', 'sub', 'mul', 'max', 'min'] as const;
  const unary = ['neg', 'abs', 'sign'] as const;
  // Of three arrays and a number; of the third, two more arrays are computed before.
  const lengths = fc.constantFrom(2, 3, 4, 17, 1000, 16_384, 40_003);
  const chosen = fc.array(fc.tuple(fc.constantFrom(...elementwise, ...unary), fc.nat(), fc.nat()), { minLength: 2, maxLength: 7 });
  const programs = fc.tuple(lengths, chosen, fc.boolean(), fc.boolean()).map(([length, list, usesComputed, isWanted]) => {
    const steps: Step[] = [['broadcastTo', 3], ['exp', 2], ['tanh', 2]];
    const operands = [0, 1, 4, ...(usesComputed ? [5, 6] : [2])];
    for (const [primitive, a, b] of list) {
      const [left, right] = [operands[a % operands.length]!, operands[b % operands.length]!];
      steps.push((unary as readonly string[]).includes(primitive) ? [primitive, left] : [primitive, left, right]);
      operands.push(3 + steps.length);
    }
    const last = (): number => 3 + steps.length;
    if (usesComputed) steps.push(['add', operands.at(-1)!, 5], ['sub', 4 + steps.length, 6]);
    // Each replaces an array that is read.
    steps.push(['add', last(), 0]);
    steps.push(['sub', last(), 1]);
    return programOf(length, { arrays: 3, numbers: 1, steps, outputs: [last() - 1, last(), ...(isWanted ? [5] : [])], replaced: [0, 1] });
  });
  // What memory each run is given, by output: none, that of two runs before, or that of the contents it replaces.
  const kind = fc.constantFrom('none', 'before', 'over');
  const memory = fc.array(fc.tuple(kind, kind, kind), { minLength: 6, maxLength: 6 });

  it('whatever memory they are given', async () => {
    await fc.assert(fc.asyncProperty(programs, memory, async (program, given) => {
      // The number of a `programOf` with arrays of length 1 has a shape of its own all the same.
      const [looped, plain] = [await engine.compile(program), await engine.compile(withoutLoops(program))];
      const [length] = program.inputs[0]!.shape as [number];
      const array = (seed: number): EngineBuffer => engine.upload(Float32Array.from({ length }, (_, i) => Math.fround(Math.sin(seed + i) / 2)), [length], 'float32');
      const fixed = [array(3), engine.upload(Float32Array.of(0.75), [], 'float32')];
      let [now, expected, wanted]: [EngineBuffer[], EngineBuffer[], EngineBuffer | undefined] = [[array(1), array(2)], [array(1), array(2)], undefined];
      let before: (EngineBuffer | undefined)[] = [];
      for (const kinds of given) {
        const over = kinds.slice(0, 2).map((kind, i) => kind === 'over' && (looped.overwrites?.has(i) ?? false));
        const spares = kinds.map((kind, i) => (over[i] ? now[i] : kind === 'before' ? before[i] : undefined));
        const results = await looped.run([...now, ...fixed], spares);
        const plainResults = await plain.run([...expected, ...fixed]);
        expect(await bits(results)).toEqual(await bits(plainResults));
        before = [...now.map((buffer, i) => (over[i] ? undefined : buffer)), wanted];
        [now, expected, wanted] = [results.slice(0, 2), plainResults.slice(0, 2), results[2]];
      }
      await Promise.all([looped.release(), plain.release()]);
    }), { numRuns: 60, seed: 11 });
  });

  it('of which several do the same, of several lengths, some of them over memory that is given', async () => {
    const lengths = [500, 20_000, 7, 33_000];
    const spread = 2 * lengths.length;
    // For each length w and m; a number μ, and one of which a part is computed before: m ← μ·m, w ← w + m · |exp(μ) · μ|; of the last, w ← w − m · |exp(μ) · μ|.
    const inputs = [...lengths.flatMap((length) => [float(length), float(length)]), float()];
    const numberSteps: readonly Step[] = [['exp', spread], ['mul', inputs.length, spread], ['abs', inputs.length + 1]];
    const steps = numberSteps.map(([primitive, ...operands]) => ({ primitive, attributes: {}, operands, ...float() }) as ProgramStep);
    const outputs: number[] = [];
    const step = (primitive: Primitive, length: number, ...operands: readonly number[]): number =>
      inputs.length + steps.push({ primitive, attributes: primitive === 'broadcastTo' ? { shape: [length] } : {}, operands, ...float(length) } as ProgramStep) - 1;
    lengths.forEach((length, i) => {
      const momentum = step('mul', length, 2 * i + 1, step('broadcastTo', length, spread));
      const scaled = step('mul', length, momentum, step('broadcastTo', length, inputs.length + 2));
      outputs.push(step(i === 3 ? 'sub' : 'add', length, 2 * i, scaled), momentum);
    });
    const program: Program = { inputs, steps, outputs, replaced: outputs.map((_, i) => i) };
    const [looped, plain] = [await engine.compile(program), await engine.compile(withoutLoops(program))];
    expect(looped.overwrites?.size).toBe(outputs.length);
    const arrays = lengths.flatMap((length) => [1, 2].map((seed) => engine.upload(Float32Array.from({ length }, (_, i) => Math.sin(seed + i)), [length], 'float32')));
    const number = engine.upload(Float32Array.of(-0.75), [], 'float32');
    let [now, expected, before]: [readonly EngineBuffer[], readonly EngineBuffer[], readonly EngineBuffer[]] = [arrays, arrays, []];
    for (let run = 0; run < 4; run++) {
      const results = await looped.run([...now, number], outputs.map((_, i) => (i % 3 === 0 ? before[i] : undefined)));
      expected = await plain.run([...expected, number]);
      expect(await bits(results)).toEqual(await bits(expected));
      // What the arguments began with stays.
      [before, now] = [run === 0 ? [] : now, results];
    }
  });

  it('where the arrays are more than loops have memory for', async () => {
    const size = 2 ** 29;
    const steps: Step[] = [['neg', 0], ['abs', 1], ['neg', 2], ['abs', 3], ['sqrt', 4]];
    const [few, many] = await Promise.all([size / 4, size].map((length) => engine.compile(programOf(length, { arrays: 1, steps, outputs: [5], replaced: [0] }))));
    expect(few!.overwrites?.size).toBe(1);
    expect(many!.overwrites).toBeUndefined();
  });

  it('and memory that cannot be had is an error', () => {
    expect(() => new Heap().allocate(2 ** 31)).toThrow('could not allocate 8589934592 bytes for an update');
  });

  it('also while the memory that loops work on grows', async () => {
    const small = await engine.compile(programOf(5, { arrays: 1, steps: [['neg', 0], ['abs', 1]], outputs: [2], replaced: [0] }));
    const first = engine.upload(Float32Array.of(-1, 2, -3, 4, -5), [5], 'float32');
    const spare = engine.upload(new Float32Array(5), [5], 'float32');
    const [kept] = await small.run([first], [spare]);
    for (const length of [300_000, 900_000, 2_700_000]) {
      const large = await engine.compile(programOf(length, { arrays: 1, steps: ['neg', 'neg', 'neg', 'neg', 'neg', 'neg', 'neg', 'neg'].map((primitive, i) => [primitive as Primitive, i]), outputs: [8], replaced: [0] }));
      await large.run([engine.upload(new Float32Array(length).fill(3), [length], 'float32')], [engine.upload(new Float32Array(length), [length], 'float32')]);
      await large.release();
    }
    expect(await bits([kept!])).toEqual([[1, 2, 3, 4, 5]]);
    const [next] = await small.run([kept!]);
    expect(await bits([next!])).toEqual([[1, 2, 3, 4, 5]]);
  });
});
