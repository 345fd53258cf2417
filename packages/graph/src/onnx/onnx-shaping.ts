import * as arrays from '../creators/arrays.js';
import * as elementwise from '../creators/elementwise.js';
import type { Symbol } from '../symbol/symbol.js';
import type { OnnxCall } from './import-onnx.js';
import type { OnnxConversion } from './onnx-operators.js';

type Binary = (options: { readonly lhs: Symbol; readonly rhs: Symbol; readonly name: string }) => Symbol;

const pair = (create: Binary): OnnxConversion => (call) => create({ lhs: call.input(0), rhs: call.input(1), name: call.name });

/** ONNX's numbers of element types; what is computed here is float32 whatever they say. */
const elementTypes: { readonly [code: number]: 'float32' | 'float64' | 'float16' | 'uint8' | 'int8' | 'int32' | 'int64' } = {
  1: 'float32', 2: 'uint8', 3: 'int8', 6: 'int32', 7: 'int64', 10: 'float16', 11: 'float64',
};
const boolean = 9;

/** Bounds that mean "to the end", or for a walk backwards "to the very start". */
const beyond = 2 ** 31 - 1;

const cast: OnnxConversion = (call) => {
  const code = call.number('to', 1);
  if (code === boolean) return call.input(0).notEqual(0);
  const dtype = elementTypes[code] ?? call.fail(`the element type ${code} has no counterpart`);
  return elementwise.cast({ data: call.input(0), dtype, name: call.name });
};

/** ONNX broadcasts all three; `where` wants them in one shape. */
const where: OnnxConversion = (call) => {
  const parts = [0, 1, 2].map((i) => call.input(i));
  // Nothing is computed of it: what is asked of it is its shape.
  const like = parts.reduce((lhs, rhs, i) => elementwise.broadcastAdd({ lhs, rhs, name: `${call.name}_like${i}` }));
  const [condition, x, y] = parts.map((part, i) => arrays.broadcastLike({ lhs: part, rhs: like, name: `${call.name}_part${i}` }));
  return arrays.where({ condition, x, y, name: call.name });
};

const slice: OnnxConversion = (call) => {
  const [starts, ends] = [call.constant(1, 'starts'), call.constant(2, 'ends')];
  const axes = call.has(3) ? call.constant(3, 'axes') : starts.map((_, axis) => axis);
  const steps = call.has(4) ? call.constant(4, 'steps') : starts.map(() => 1);
  if (axes.some((axis) => axis < 0)) {
    if (steps.some((step) => step !== 1)) call.fail('steps along an axis counted from the last have no counterpart');
    return axes.reduce((data, axis, i) => arrays.sliceAxis({ data, axis, begin: starts[i]!, end: ends[i]! >= beyond ? null : ends[i]!, name: nameOf(call, i, axes.length) }), call.input(0));
  }
  const open = (): (number | null)[] => new Array<number | null>(Math.max(...axes) + 1).fill(null);
  const [begin, end, step] = [open(), open(), open()];
  axes.forEach((axis, i) => {
    begin[axis] = Math.abs(starts[i]!) >= beyond ? null : starts[i]!;
    end[axis] = Math.abs(ends[i]!) >= beyond ? null : ends[i]!;
    step[axis] = steps[i]!;
  });
  return arrays.slice({ data: call.input(0), begin, end, step, name: call.name });
};

function nameOf(call: OnnxCall, i: number, count: number): string {
  return i === count - 1 ? call.name : `${call.name}_${i}`;
}

/** The new shape may have more axes, and lengths of 1 stay as they are. */
const expand: OnnxConversion = (call) => {
  const shape = call.constant(1, 'shape');
  const zeros = call.constantSymbol(`${call.name}_axes`, shape.map(() => 1), [0]);
  const data = elementwise.broadcastAdd({ lhs: call.input(0), rhs: zeros, name: `${call.name}_ranked` });
  return arrays.broadcastTo({ data, shape: shape.map((length) => (length === 1 ? 0 : length)), name: call.name });
};

const squeeze: OnnxConversion = (call) => {
  const axis = call.list('axes') ?? (call.has(1) ? call.constant(1, 'axes') : []);
  return arrays.squeeze({ data: call.input(0), axis: [...axis], name: call.name });
};

const padModes = { constant: 'constant', edge: 'edge', reflect: 'reflect' } as const;
type PadMode = keyof typeof padModes;

/** Padded data. The operator here pads the last axes of four or five: those that are padded are brought there and back, and one axis gets a companion. */
export function padded(call: OnnxCall, data: Symbol, before: readonly number[], after: readonly number[], mode: PadMode, value: number, name: string): Symbol {
  const rank = before.length;
  if (rank < 4) {
    const missing = 4 - rank;
    const zeros = new Array<number>(missing).fill(0);
    let wide = data;
    for (let i = 0; i < missing; i++) wide = arrays.expandDims({ data: wide, axis: 0, name: `${name}_wide${i}` });
    const result = padded(call, wide, [...zeros, ...before], [...zeros, ...after], mode, value, `${name}_inner`);
    return arrays.squeeze({ data: result, axis: zeros.map((_, i) => i), name });
  }
  const isPadded = (axis: number): boolean => before[axis] !== 0 || after[axis] !== 0;
  const axes = before.map((_, axis) => axis);
  const order = [...axes.filter((axis) => !isPadded(axis)), ...axes.filter(isPadded)];
  if (rank > 5 || isPadded(order[1]!)) call.fail('only up to three axes of five can be padded');
  const isMoved = order.some((axis, i) => axis !== i);
  const moved = isMoved ? arrays.transpose({ data, axes: order, name: `${name}_moved` }) : data;
  const padWidth = order.flatMap((axis) => [before[axis]!, after[axis]!]);
  const result = arrays.pad({ data: moved, mode, padWidth, constantValue: value, name: isMoved ? `${name}_wider` : name });
  return isMoved ? arrays.transpose({ data: result, axes: axes.map((axis) => order.indexOf(axis)), name }) : result;
}

const pad: OnnxConversion = (call) => {
  const pads = call.constant(1, 'pads');
  if (call.has(3)) call.fail('pads along chosen axes have no counterpart');
  const rank = pads.length / 2;
  const mode = call.text('mode', 'constant');
  if (!Object.hasOwn(padModes, mode)) call.fail(`the mode ${mode} has no counterpart`);
  return padded(call, call.input(0), pads.slice(0, rank), pads.slice(rank), mode as PadMode, call.has(2) ? call.constant(2, 'value')[0]! : 0, call.name);
};

/** Of single numbers alone: with more axes the positions would not be slices', and the reshape says so. */
const gatherElements: OnnxConversion = (call) => {
  if (call.number('axis', 0) !== 0) call.fail('only axis 0 of single numbers has a counterpart');
  const [a, indices] = [call.input(0), call.input(1)];
  return arrays.reshapeLike({ lhs: arrays.take({ a, indices, name: `${call.name}_taken` }), rhs: indices, name: call.name });
};

const extreme = (create: typeof arrays.argmax): OnnxConversion => (call) => {
  if (call.number('select_last_index', 0) !== 0) call.fail('the last of equal ones has no counterpart');
  return create({ data: call.input(0), axis: call.number('axis', 0), keepdims: call.number('keepdims', 1) !== 0, name: call.name });
};

const topk: OnnxConversion = (call) =>
  arrays.topk({
    data: call.input(0), k: call.constant(1, 'k')[0]!, axis: call.number('axis', -1), isAscend: call.number('largest', 1) === 0, retTyp: 'both', name: call.name,
  });

/** Operators about shapes, truth and order. */
export const shapingOperators: { readonly [operator: string]: OnnxConversion } = {
  Cast: cast,
  Where: where,
  Equal: pair(elementwise.broadcastEqual),
  Greater: pair(elementwise.broadcastGreater),
  GreaterOrEqual: pair(elementwise.broadcastGreaterEqual),
  Less: pair(elementwise.broadcastLesser),
  LessOrEqual: pair(elementwise.broadcastLesserEqual),
  And: pair(elementwise.broadcastLogicalAnd),
  Or: pair(elementwise.broadcastLogicalOr),
  Xor: pair(elementwise.broadcastLogicalXor),
  Not: (call) => elementwise.logicalNot({ data: call.input(0), name: call.name }),
  Slice: slice,
  Expand: expand,
  Squeeze: squeeze,
  Pad: pad,
  GatherElements: gatherElements,
  Tile: (call) => arrays.tile({ data: call.input(0), reps: call.constant(1, 'repeats'), name: call.name }),
  DepthToSpace: (call) => {
    if (call.text('mode', 'DCR') !== 'DCR') call.fail('only mode DCR has a counterpart');
    return arrays.depthToSpace({ data: call.input(0), blockSize: call.number('blocksize', 1), name: call.name });
  },
  SpaceToDepth: (call) => arrays.spaceToDepth({ data: call.input(0), blockSize: call.number('blocksize', 1), name: call.name }),
  ArgMax: extreme(arrays.argmax),
  ArgMin: extreme(arrays.argmin),
  TopK: topk,
};
