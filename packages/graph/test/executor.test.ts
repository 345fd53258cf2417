import { array, evaluationCounts, ones, RandomGenerator, scalar, waitAll, type NDArray } from '@lossworks/ndarray';
import { describe, expect, it } from 'vitest';
import { bind, blockGrad, custom, CustomOp, CustomOpProp, embedding, fullyConnected, group, registerCustomOp, simpleBind, take, variable, type Executor, type GivenGradReq } from '../src/index.js';

const values = async (x: NDArray | null): Promise<number[]> => [...(await x!.data())];

/** Engine runs and compilations an action costs. */
async function cost(action: () => Promise<unknown>): Promise<{ runs: number; compilations: number }> {
  const before = evaluationCounts();
  await action();
  const after = evaluationCounts();
  return { runs: after.runs - before.runs, compilations: after.compilations - before.compilations };
}

function product(gradReq: GivenGradReq): Executor {
  const executor = simpleBind(variable('a').mul(variable('b')), { shapes: { a: [2], b: [2] }, gradReq });
  executor.argDict['a']!.assign(array([2, 3]));
  executor.argDict['b']!.assign(array([5, 7]));
  return executor;
}

describe('gradient requests', () => {
  it.each<[string, GivenGradReq, (number[] | null)[]]>([
    ['write for all', 'write', [[5, 7], [2, 3]]],
    ['null for all', 'null', [null, null]],
    ['add for all', 'add', [[10, 14], [4, 6]]],
    ['one an argument', ['add', 'write'], [[10, 14], [2, 3]]],
    ['by name, others get none', { b: 'write' }, [null, [2, 3]]],
  ])('%s', async (_, gradReq, expected) => {
    const executor = product(gradReq);
    for (let i = 0; i < 2; i++) {
      await executor.forward({ isTrain: true });
      await executor.backward(ones([2]));
    }
    const found = await Promise.all(executor.gradArrays.map((gradient) => gradient && values(gradient)));
    expect(found).toEqual(expected);
  });
  it.each<[string, () => unknown, RegExp]>([
    ['an unknown word', () => product('sum' as 'add'), /'sum' of gradReq is none of write, add, null/],
    ['an unknown name', () => product({ c: 'write' }), /no argument c; the arguments are a, b/],
    ['a list of another length', () => product(['write']), /list of 1 does not fit the 2 arguments a, b/],
  ])('refuse %s', (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe('indices', () => {
  const x = variable('x');
  it('have no gradient, and binding says so', () => {
    const bindAll = () => simpleBind(embedding({ data: x, inputDim: 3, outputDim: 2, name: 'embed' }), { shapes: { x: [4] } });
    expect(bindAll).toThrow(/embed \(Embedding\): its data \(x\) are indices, which have no gradient; bind with gradReq null/);
  });
  it('that lie outside are an error where take raises', async () => {
    const executor = simpleBind(take({ a: x, indices: variable('i'), mode: 'raise', name: 'rows' }), { shapes: { x: [3], i: [2] } });
    await expect(executor.forward({ feeds: { i: array([0, 3]) } })).rejects.toThrow(/rows \(take\): indices \(i\) is 3 at position 1, outside the 3 classes 0..2/);
  });
});

describe('head gradients', () => {
  const both = (): Executor => {
    const x = variable('x');
    return bind(group([x, x.mul(2)]), { args: { x: array([1, 1]) }, gradients: { x: array([0, 0]) } });
  };
  it.each<[string, Parameters<Executor['backward']>[0]]>([
    ['as a list', [array([1, 1]), array([5, 5])]],
    ['by name', { x: array([1, 1]), _mulscalar0_output: array([5, 5]) }],
  ])('%s are summed over all paths', async (_, heads) => {
    const executor = both();
    const names = executor.symbol.listOutputs();
    const given = Array.isArray(heads) ? heads : { [names[0]!]: array([1, 1]), [names[1]!]: array([5, 5]) };
    await executor.forward({ isTrain: true });
    await executor.backward(given);
    expect(await values(executor.gradArrays[0]!)).toEqual([11, 11]);
  });
  it('are asked for by the name of the output that lacks one', async () => {
    const executor = both();
    await executor.forward({ isTrain: true });
    await expect(executor.backward([array([1, 1])])).rejects.toThrow(/_mulscalar\d+_output is no loss and needs a head gradient; .*makeLoss/);
    await expect(executor.backward({ nothing: array([1]) })).rejects.toThrow(/no output nothing; the outputs are x, /);
    await expect(executor.backward([array([1]), array([1]), array([1])])).rejects.toThrow(/3 head gradients for 2 output/);
  });
  it('are not needed where nothing is asked for behind a blocked gradient', async () => {
    const x = variable('x');
    const executor = simpleBind(blockGrad({ data: x.mul(3) }), { shapes: { x: [2] } });
    await executor.forward({ isTrain: true });
    await executor.backward();
    expect(await values(executor.gradArrays[0]!)).toEqual([0, 0]);
  });
  it('do not pass a blocked copy of the same value', async () => {
    const x = variable('x');
    const executor = simpleBind(x.mul(blockGrad({ data: x })), { shapes: { x: [2] } });
    executor.argDict['x']!.assign(array([3, 4]));
    await executor.forward({ isTrain: true });
    await executor.backward(ones([2]));
    expect(await values(executor.gradArrays[0]!)).toEqual([3, 4]);
  });
});

describe('a training loop', () => {
  const training = () => {
    const net = fullyConnected({ data: variable('data'), numHidden: 2, name: 'fc' });
    const executor = simpleBind(net, { shapes: { data: [4, 3] }, gradReq: { fc_weight: 'write', fc_bias: 'write' } });
    executor.argDict['fc_weight']!.assign(new RandomGenerator(1).normal([2, 3]));
    const update = (rate: number): void => {
      const step = scalar(rate);
      for (const name of ['fc_weight', 'fc_bias']) executor.argDict[name]!.assign(executor.argDict[name]!.sub(executor.gradDict[name]!.mul(step)));
    };
    const forwardBackward = async (): Promise<void> => {
      await executor.forward({ isTrain: true, feeds: { data: ones([4, 3]) } });
      await executor.backward(executor.outputs[0]!.snapshot());
    };
    return { executor, update, forwardBackward };
  };
  it('costs one run a step and one compilation, whatever the learning rate', async () => {
    const { executor, update, forwardBackward } = training();
    const step = async (rate: number): Promise<void> => {
      await forwardBackward();
      update(rate);
      await executor.outputs[0]!.data();
    };
    expect(await cost(() => step(0.1))).toEqual({ runs: 1, compilations: 1 });
    for (const rate of [0.05, 0.01, 0.5]) expect(await cost(() => step(rate))).toEqual({ runs: 1, compilations: 0 });
  });
  it('costs one run a step where the update comes after the read', async () => {
    const { executor, update, forwardBackward } = training();
    const step = async (): Promise<void> => {
      await forwardBackward();
      await executor.outputs[0]!.data();
      update(0.1);
    };
    for (let i = 0; i < 3; i++) await step();
    expect(await cost(step)).toEqual({ runs: 1, compilations: 0 });
    await waitAll();
  });
  it('that never reads runs once a step all the same, and compiles nothing after the first', async () => {
    const { update, forwardBackward } = training();
    const step = async (): Promise<void> => {
      await forwardBackward();
      update(0.1);
    };
    for (let i = 0; i < 2; i++) await step();
    expect(await cost(async () => { for (let i = 0; i < 10; i++) await step(); })).toEqual({ runs: 10, compilations: 0 });
    await waitAll();
  });
});

describe('binding', () => {
  const net = fullyConnected({ data: variable('data'), numHidden: 2, name: 'fc' });
  it.each<[string, () => unknown, RegExp]>([
    ['a missing array', () => bind(net, { args: { data: ones([4, 3]) } }), /args lacks the arguments fc_weight, fc_bias/],
    ['a list that is too short', () => bind(net, { args: [ones([4, 3])] }), /1 arrays for the 3 arguments data, fc_weight, fc_bias/],
    ['a wrong shape', () => bind(net, { args: { data: ones([4, 3]), fc_weight: ones([2, 5]), fc_bias: ones([2]) } }), /fc \(FullyConnected\): weight has shape \[2,5\], data \[4,3\] needs \[2,3\]/],
    ['a gradient of another shape', () => bind(net, { args: [ones([4, 3]), ones([2, 3]), ones([2])], gradients: { fc_bias: ones([3]) } }), /gradient of fc_bias has shape \[3\], the graph needs \[2\]/],
    ['shapes that do not suffice', () => simpleBind(net, { shapes: { fc_bias: [2] } }), /do not determine data/],
    ['an unknown argument', () => simpleBind(net, { shapes: { dta: [4, 3] } }), /no argument dta; did you mean data\?/],
  ])('refuses %s', (_, build, message) => {
    expect(build).toThrow(message);
  });
  it('refuses feeds that are no argument or of another shape', async () => {
    const executor = simpleBind(net, { shapes: { data: [4, 3] } });
    await expect(executor.forward({ feeds: { image: ones([4, 3]) } })).rejects.toThrow(/no argument image; the arguments are data, fc_weight, fc_bias/);
    await expect(executor.forward({ feeds: { data: ones([5, 3]) } })).rejects.toThrow(/data: assign: the array has shape \[4,3\], the source \[5,3\]/);
    await expect(executor.backward()).rejects.toThrow(/no forward yet/);
  });
  it('shares arrays of one shape with another executor', () => {
    const large = simpleBind(net, { shapes: { data: [8, 3] } });
    const small = simpleBind(net, { shapes: { data: [2, 3] }, shared: large });
    expect(small.argDict['fc_weight']).toBe(large.argDict['fc_weight']);
    expect(small.argDict['data']).not.toBe(large.argDict['data']);
  });
});

/** y = x · (how often it was called), counted by reading in the middle of the pass. */
class Counting extends CustomOp {
  override async forward(...[, req, inData, outData, aux]: Parameters<CustomOp['forward']>): Promise<void> {
    const calls = (await aux[0]!.item()) + 1;
    aux[0]!.assign(calls);
    this.assign(outData[0]!, req[0]!, inData[0]!.mul(calls));
  }

  override async backward(...[req, outGrad, , , inGrad, aux]: Parameters<CustomOp['backward']>): Promise<void> {
    this.assign(inGrad[0]!, req[0]!, outGrad[0]!.mul(await aux[0]!.item()));
  }
}
class CountingProp extends CustomOpProp {
  override listAuxiliaryStates(): string[] {
    return ['calls'];
  }
  override inferShape(inputs: Parameters<CustomOpProp['inferShape']>[0]): ReturnType<CustomOpProp['inferShape']> {
    return [inputs, [inputs[0]!], [[1]]];
  }
  override createOperator(): CustomOp {
    return new Counting();
  }
}

describe('a custom operator', () => {
  it('may read in the middle of a pass; layers before it keep their gradients', async () => {
    registerCustomOp('counting', CountingProp);
    const hidden = fullyConnected({ data: variable('data'), numHidden: 1, noBias: true, name: 'fc' });
    const executor = simpleBind(custom({ opType: 'counting', data: hidden, name: 'counted' }), { shapes: { data: [2, 2] } });
    executor.argDict['data']!.assign(array([[1, 2], [3, 4]]));
    executor.argDict['fc_weight']!.assign(array([[10, 1]]));
    for (const calls of [1, 2]) {
      await executor.forward({ isTrain: true });
      await executor.backward(ones([2, 1]));
      expect(await values(executor.outputs[0]!)).toEqual([12 * calls, 34 * calls]);
      expect(await values(executor.gradDict['fc_weight']!)).toEqual([4 * calls, 6 * calls]);
    }
    expect(await values(executor.auxDict['counted_calls']!)).toEqual([2]);
  });
  it('that nobody registered is named', () => {
    expect(() => custom({ opType: 'countin', data: variable('data') })).toThrow(/no custom operator countin; did you mean counting\?/);
  });
});
