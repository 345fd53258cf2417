/**
 * Symbols, operators, shape inference, executors and custom operators with auxiliary states.
 *
 * @module @lossworks/graph
 */
export { Symbol, group } from './symbol/symbol.js';
export { variable, type VariableOptions } from './symbol/variable.js';
export { createSymbol, type SymbolFields, type SymbolInputs } from './symbol/create-symbol.js';
export { NameManager, PrefixNameManager, withNameManager, withPrefix } from './symbol/name-manager.js';
export { withAttributes } from './symbol/attribute-scope.js';
export { Node, traverse, type Attributes, type NodeOutput } from './symbol/node.js';
export type { GivenShapes, InferredShapes } from './inference/infer-shape.js';
export type { InferredTypes } from './inference/infer-type.js';
export { bind, simpleBind, type BindOptions, type SimpleBindOptions } from './executor/bind.js';
export { Executor, type BackwardOptions, type ForwardOptions } from './executor/executor.js';
export type { HeadGradients } from './executor/head-gradients.js';
export type { CheckInputs } from './executor/check-inputs.js';
export type { GivenGradReq, GradReq } from './executor/grad-req.js';
export { Monitor, type MonitorEntry, type MonitorOptions } from './executor/monitor.js';
export type { MonitorCallback, MonitorCallbackOptions } from './executor/monitor-callback.js';
export type { NonFinite } from './executor/non-finite.js';
export type { Recompute } from './executor/recomputation.js';
export type { ReshapeOptions } from './executor/reshape.js';
export {
  CustomOp, CustomOpProp, type CustomArguments, type CustomOpPropOptions, type CustomShapes, type CustomTypes, type WriteRequest,
} from './custom/custom-op.js';
export { registerCustomOp, type CustomOpPropClass } from './custom/custom-registry.js';
export { custom, type CustomOptions } from './custom/custom.js';
export { customOp, type CustomBackwardCall, type CustomCall, type CustomOpCreator, type CustomOpDefinition } from './custom/function-op.js';
export { checkGradient, type CheckGradientOptions, type GradientDeviation } from './custom/check-gradient.js';
export {
  fullyConnected, convolution, deconvolution, pooling, roiPooling, upSampling, activation, leakyReLU, dropout, embedding, batchNorm, instanceNorm, layerNorm, groupNorm,
  l2Normalization, lrn, softmaxActivation,
} from './creators/layers.js';
export {
  negative, abs, sign, square, sqrt, rsqrt, cbrt, rcbrt, reciprocal, exp, expm1, log, log2, log10, log1p, sin, cos, tan, arcsin, arccos, arctan, sinh, cosh, tanh, arcsinh, arccosh, arctanh, degrees, radians, sigmoid, relu,
  softsign, erf, gamma, gammaln, floor, ceil, fix, round, rint, zerosLike, onesLike, hardSigmoid, clip, smoothL1, identity, blockGrad, stopGradient, addN,
  broadcastAdd, broadcastSub, broadcastMul, broadcastDiv, broadcastMod, broadcastPower, broadcastMaximum, broadcastMinimum, broadcastHypot,
  broadcastLogicalAnd, broadcastLogicalOr, broadcastLogicalXor, logicalNot, cast,
  broadcastEqual, broadcastNotEqual, broadcastGreater, broadcastGreaterEqual, broadcastLesser, broadcastLesserEqual,
} from './creators/elementwise.js';
export {
  flatten, reshape, transpose, swapAxis, expandDims, squeeze, concat, stack, sliceChannel, sliceAxis, slice, pad, crop, broadcastTo, broadcastAxis,
  broadcastLike, tile, repeat, reverse, depthToSpace, spaceToDepth, reshapeLike, sliceLike, sum, nansum, mean, prod, nanprod, max, min, norm, argmax, argmin, argmaxChannel, softmax, logSoftmax, softmin, dot, batchDot, linalgGemm2, take, batchTake, pick,
  oneHot, where, gatherNd, scatterNd, sequenceMask, sequenceLast, sequenceReverse, sort, argsort, topk,
} from './creators/arrays.js';
export {
  camelCase, creator, listCreator,
  type CamelCase, type CommonOptions, type CreatorOptions, type ListCreatorOptions, type ParameterOptions,
} from './creators/creator.js';
export { exportOnnx, exportTrainingStep, type ExportOnnxOptions, type ExportTrainingStepOptions } from './onnx/export-onnx.js';
export { importOnnx, type ImportedOnnx } from './onnx/import-onnx.js';
export { summary, type LayerSummary, type NetworkSummary } from './seeing/summary.js';
export { plotNetwork, type PlotNetworkOptions } from './seeing/plot-network.js';
export { explain, type ExplainOptions, type Explanation } from './seeing/explain.js';
export { defineOperator } from './operators/define-operator.js';
export { findOperator, listOperators, lookUpOperator, registerOperator } from './operators/registry.js';
export { badInput, badInputAtHand, type BadInput, type CheckedInputs, type InputCheck } from './operators/input-check.js';
export type { BackwardCall, Call, Contribution, NodeShapes, Operator } from './operators/operator.js';
export type { NoParameters, Parameter, ParameterTable, ParameterValues } from './operators/parameter.js';
export { axes, bool, choice, float, int, openTuple, optional, text, tuple, type OptionalParameter, type RequiredParameter } from './operators/parameters/index.js';
export { commonShape, isComplete, mergeShapes, type PartialShape } from './inference/partial-shape.js';
export { sameAsData, sameShapes } from './inference/same-shapes.js';
