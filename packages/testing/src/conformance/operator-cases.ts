import { bind, Symbol, type Executor } from '@lossworks/graph';
import { array, read, zeros, type NDArray } from '@lossworks/ndarray';
import { registerLossOperators } from '@lossworks/losses';
import type { Tolerance } from '../compare.js';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray } from './deviation.js';
import type { Arrays, OperatorCase, RecordedRun } from './operator-case.js';
import { overwrittenGammas } from './overwritten-gradients.js';
import { registerRecordedCustomOps } from './recorded-custom-ops.js';
import { missingInGraph, missingOperators, namedNets, operatorSymbol } from './recorded-symbols.js';

type KindRunners = { readonly [K in OperatorCase['kind']]: (recorded: OperatorCase & { kind: K }, siblings: readonly object[]) => Promise<CaseResult> | CaseResult };

const runners: KindRunners = { op: runOperator, customop: runOperator, customop_steps: runSteps, net: runNet, shape: runShape, error: runRefusal };

/**
 * Runs one recorded operator or net and compares everything that was recorded of it.
 *
 * @param siblings the cases of the same file: a net may refer to the graph of one of them.
 */
export async function runOperatorCase(recorded: OperatorCase, siblings: readonly object[] = []): Promise<CaseResult> {
  registerLossOperators();
  registerRecordedCustomOps();
  const missing = recorded.kind === 'net' ? [] : missingOperators([recorded.op]);
  if (missing.length > 0) return notBuilt(missing);
  const run = runners[recorded.kind] as (recorded: OperatorCase, siblings: readonly object[]) => Promise<CaseResult> | CaseResult;
  return run(recorded, siblings);
}

function notBuilt(operators: readonly string[]): CaseResult {
  return { status: 'skipped', reason: `operator ${operators.join(', ')} is not built yet` };
}

const operatorTolerance: Tolerance = { relative: 1e-5, absolute: 2e-6 };
/** Rounding adds up over a chain of layers. */
const netTolerance: Tolerance = { relative: 1e-4, absolute: 1e-5 };

async function runOperator(recorded: OperatorCase & { kind: 'op' | 'customop' }): Promise<CaseResult> {
  return verdict(await replay(operatorSymbol(recorded.op, recorded.attrs, recorded.inputOrder), recorded, operatorTolerance));
}

async function runNet(recorded: OperatorCase & { kind: 'net' }, siblings: readonly object[]): Promise<CaseResult> {
  const sibling = siblings.find((each) => 'name' in each && each.name === `symbol_${recorded.net}`) as Pick<typeof recorded, 'json'> | undefined;
  const graph = recorded.json ?? sibling?.json;
  const missing = graph ? missingInGraph(graph) : [];
  if (missing.length > 0) return notBuilt(missing);
  const symbol = graph ? Symbol.loadJSON(graph) : namedNets[recorded.name]?.();
  if (!symbol) return { status: 'skipped', reason: `the case holds no graph, and none is known by the name ${recorded.name}` };
  const run = { ...recorded, gradReq: recorded.gradReqGiven ?? recorded.gradReq ?? 'write' };
  return verdict(await replay(symbol, run, netTolerance, graph && overwrittenGammas(graph)));
}

/**
 * Binds, runs forward and backward as the recorder did, and compares.
 *
 * @param overwritten arguments whose recorded gradient is the true one times the argument.
 */
async function replay(symbol: Symbol, recorded: RecordedRun, tolerance: Tolerance, overwritten: ReadonlySet<string> = new Set()): Promise<(string | undefined)[]> {
  const { inputs, isTrain, headGrads, gradReq = 'write', gradInit = {}, aux_before: auxiliaryBefore = {} } = recorded;
  const withBackward = headGrads !== undefined;
  const gradients = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, gradInit[name] ? decode(gradInit[name]) : zeros(shape)]));
  const executor = bind(symbol, {
    args: decodeAll(inputs),
    auxiliaryStates: decodeAll(auxiliaryBefore),
    gradReq: withBackward ? gradReq : 'null',
    ...(withBackward && { gradients }),
    checkInputs: 'none',
  });
  await executor.forward({ isTrain });
  const found: (string | undefined)[] = [];
  // Where nothing else was recorded in between, forward and backward run as one program, as in training.
  if (recorded.aux_after_forward) found.push(...(await compareAll('auxiliary state after forward', executor.auxDict, recorded.aux_after_forward, tolerance)));
  if (withBackward) await executor.backward(headGrads?.map(decode));
  found.push(...(await compareOutputs(executor, recorded.outputs, tolerance)));
  const comparable = Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, overwritten.has(name) ? gradient.mul(executor.argDict[name]!) : gradient]));
  if (recorded.grads) found.push(...(await compareAll('gradient of', comparable, recorded.grads, tolerance)));
  if (recorded.aux_after) found.push(...(await compareAll('auxiliary state', executor.auxDict, recorded.aux_after, tolerance)));
  return found;
}

async function runSteps({ op, attrs, inputs, aux_before: auxiliaryBefore, steps }: OperatorCase & { kind: 'customop_steps' }): Promise<CaseResult> {
  const symbol = operatorSymbol(op, attrs, Object.keys(inputs));
  const names = symbol.listAuxiliaryStates();
  const shapes = symbol.inferShape(Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, shape])))!;
  const states = Object.fromEntries(names.map((name, i) => [name, auxiliaryBefore[name] ? decode(auxiliaryBefore[name]) : zeros(shapes.auxiliaryStates[i]!)]));
  const gradients = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, zeros(shape)]));
  const executor = bind(symbol, { args: decodeAll(inputs), gradients, auxiliaryStates: states });
  const found: (string | undefined)[] = [];
  for (const [i, { output, grad, center }] of steps.entries()) {
    await executor.forward({ isTrain: true });
    await executor.backward();
    const step = `step ${i + 1}:`;
    found.push(await compare(`${step} output`, executor.outputs[0]!, output, operatorTolerance));
    found.push(await compare(`${step} gradient of data`, gradients['data']!, grad, operatorTolerance));
    found.push(await compare(`${step} centers`, states[names.at(-1)!]!, center, operatorTolerance));
  }
  return verdict(found);
}

function runShape({ op, attrs, given, argShapes, outShapes, auxShapes }: OperatorCase & { kind: 'shape' }): CaseResult {
  // Variables that the recorder did not name got the operator's name in front.
  const symbol = operatorSymbol(op, attrs, Object.keys(argShapes).filter((name) => !name.startsWith('op_')));
  const inferred = symbol.inferShape(given);
  if (!inferred) return { status: 'failed', detail: `the shapes of ${Object.keys(given).join(', ')} do not determine the rest` };
  const named = (names: readonly string[], shapes: readonly (readonly number[])[]): string => JSON.stringify(Object.fromEntries(names.map((name, i) => [name, shapes[i]])));
  const auxiliary = Array.isArray(auxShapes) ? JSON.stringify(inferred.auxiliaryStates) : named(symbol.listAuxiliaryStates(), inferred.auxiliaryStates);
  return verdict([
    differs('argument shapes', named(symbol.listArguments(), inferred.arguments), JSON.stringify(argShapes)),
    differs('output shapes', JSON.stringify(inferred.outputs), JSON.stringify(outShapes)),
    differs('auxiliary shapes', auxiliary, JSON.stringify(auxShapes)),
  ]);
}

function runRefusal({ op, attrs, shapes, inputOrder }: OperatorCase & { kind: 'error' }): CaseResult {
  try {
    const inferred = operatorSymbol(op, attrs, inputOrder).inferShape(shapes);
    return { status: 'failed', detail: `accepted what MXNet refuses, with outputs ${JSON.stringify(inferred?.outputs)}` };
  } catch (error) {
    return error instanceof Error && error.message.includes(op) ? { status: 'passed' } : { status: 'failed', detail: `refused without naming ${op}: ${String(error)}` };
  }
}

async function compareOutputs(executor: Executor, expected: readonly RecordedArray[], tolerance: Tolerance): Promise<(string | undefined)[]> {
  const names = executor.symbol.listOutputs();
  if (executor.outputs.length !== expected.length) return [`${executor.outputs.length} outputs (${names.join(', ')}) instead of ${expected.length}`];
  const data = await read(executor.outputs);
  return expected.map((each, i) => compareData(`output ${names[i]}`, executor.outputs[i]!.shape, data[i]!, each, tolerance));
}

async function compareAll(what: string, actual: { readonly [name: string]: NDArray }, expected: Arrays, tolerance: Tolerance): Promise<(string | undefined)[]> {
  return Promise.all(Object.entries(expected).map(([name, each]) => (actual[name] ? compare(`${what} ${name}`, actual[name], each, tolerance) : `${what} ${name}: there is none`)));
}

async function compare(what: string, actual: NDArray, expected: RecordedArray, tolerance: Tolerance): Promise<string | undefined> {
  return compareData(what, actual.shape, await actual.data(), expected, tolerance);
}

function compareData(what: string, shape: readonly number[], data: ArrayLike<number>, expected: RecordedArray, tolerance: Tolerance): string | undefined {
  return differs(`shape of ${what}`, `[${shape}]`, `[${expected.shape}]`) ?? deviation(what, data, expected.data, tolerance);
}

function differs(what: string, found: string, wanted: string): string | undefined {
  return found === wanted ? undefined : `${what}: ${found} instead of ${wanted}`;
}

function decode({ shape, data }: RecordedArray): NDArray {
  return array(Float32Array.from(data, Number), { shape });
}

function decodeAll(arrays: Arrays): { [name: string]: NDArray } {
  return Object.fromEntries(Object.entries(arrays).map(([name, each]) => [name, decode(each)]));
}
