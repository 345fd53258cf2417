/**
 * Recorded n-dimensional arrays compiled to ONNX programs, with derivatives and seeded random numbers.
 *
 * @module @lossworks/ndarray
 */
export type { DType, TypedArray } from './dtype.js';
export { formatShape, sameShape, sizeOf, type Shape } from './shape.js';
export { NDArray, array, constant, endStep, full, hostData, isPending, keep, ones, placeholder, read, scalar, scratch, waitAll, zeros, type ArrayLike, type ArrayOptions, type Nested } from './ndarray.js';
export {
  abs, add, alias, cast, clip, cos, div, equal, erf, exp, floor, greater, greaterEqual, less, lessEqual, log, logicalAnd, logicalNot, logicalOr, maximum,
  minimum, mul, neg, notEqual, pow, reciprocal, relu, sigmoid, sign, sin, sqrt, square, stopGradient, sub, tanh, truncate, where, withDerivative,
} from './functions/elementwise.js';
export { argMax, logSoftmax, logSumExp, max, mean, min, prod, softmax, sum, topK } from './functions/reductions.js';
export { broadcastTo, concat, expandDims, pad, reshape, reverse, slice, transpose } from './functions/shaping.js';
export { matmul, type MatmulOptions } from './functions/linear-algebra.js';
export { arange, equalsClass, gather, oneHot, scatterAdd } from './functions/indexing.js';
export { conv, convTranspose, maxPool, regionArgMax, type ConvOptions, type PerAxis, type PoolOptions, type WindowOptions } from './functions/neural.js';
export { boundary, countRecording, retain, tape, vjp } from './gradient.js';
export { Recorded } from './recorded.js';
export { transient } from './recording/transient.js';
export type { RecordingCounts } from './recording/record.js';
export type { Tape } from './recording/vjp.js';
export { currentEngine, useEngine, type EngineOptions } from './engines/registry.js';
export type { Compiled, Engine, EngineBuffer } from './engines/engine.js';
export type { Program, ProgramStep } from './program/program.js';
export { evaluationCounts, type EvaluationCounts } from './program/evaluation.js';
export { encodeOnnx, profile } from './engines/inspection.js';
export type { NamedArrays } from './engines/onnx/export-model.js';
export type { OperatorTime, RunProfile } from './engines/onnx/profile.js';
export type { ProgramFacts } from './engines/onnx/program-facts.js';
export type { Primitive, PrimitiveAttributes, PrimitiveTable, RegionAttributes } from './primitives/primitive.js';
export type { ReductionOptions } from './recording/broadcast.js';
export { RandomGenerator, type RandomState } from './random/generator.js';
export { decodeSafetensors, encodeSafetensors, type SafetensorsContents } from './files/safetensors.js';
export { decodeParams, encodeParams, type ParamsContents } from './files/params.js';
export { fromFileArray, toFileArray, type FileArray, type FileData, type FileDType } from './files/file-array.js';
