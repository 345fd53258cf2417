/**
 * Output layers, makeLoss, smooth L1, center loss and its family, and loss functions.
 *
 * @module @lossworks/losses
 */
export {
  centerLoss, contrastiveCenterLoss, gitLoss, identityAttachKLSparseReg, linearRegressionOutput, logisticRegressionOutput, maeRegressionOutput, makeLoss, softmaxCrossEntropy, softmaxOutput, svmOutput,
  islandLoss, marginLogits, tripletCenterLoss,
} from './creators.js';
export { lossOperators, registerLossOperators } from './loss-operators.js';
export { l1Loss, l2Loss, huberLoss, smoothL1Loss, logCoshLoss } from './functions/regression.js';
export { softmaxCrossEntropyLoss } from './functions/cross-entropy.js';
export { focalLoss, hingeLoss, logisticLoss, multiMarginLoss, sigmoidCrossEntropyLoss, squaredHingeLoss } from './functions/binary.js';
export { gaussianLoss, klDivergenceLoss, poissonLoss } from './functions/likelihoods.js';
export { contrastiveLoss, cosineEmbeddingLoss, marginRankingLoss, tripletLoss } from './functions/distances.js';
export { ntXentLoss, sdmlLoss, supervisedContrastiveLoss } from './functions/batches.js';
export { diceLoss, tverskyLoss } from './functions/overlap.js';
export { ctcLoss } from './sequences/ctc-loss.js';
export { gluonLoss, gluonLosses, type GluonLossName } from './functions/gluon.js';
export { lossFunctions } from './loss-functions.js';
export { checkLossInputs, defineLoss, type ArrayLossOptions, type LossFunction, type SymbolLossOptions } from './functions/define-loss.js';
export type { Loss, LossInputs, RecordedLosses } from './functions/loss.js';
export { proxyAnchorLoss, proxyNcaLoss, ringLoss } from './class-tables/proxies.js';
export { arcFaceLoss, cosFaceLoss, largeMarginLoss, normFaceLoss, sphereFaceLoss } from './class-tables/margin-softmax.js';
export { centerLossConventions, type CenterLossConvention, type CenterLossConventionName } from './class-tables/center-conventions.js';
export { defineClassTable, type ClassTable, type ClassTableInputs } from './class-tables/class-table.js';
export { classTableOperator } from './class-tables/class-table-operator.js';
export { classTable, type ClassTableBatch, type ClassTableName, type ClassTableState, type ClassTableStateOptions, type ClassTableSymbols } from './class-tables/class-table-state.js';
export { centerTables, trainedTableLosses } from './class-tables/family.js';
export { describeLosses } from './describe/describe-losses.js';
export { lossWeights, type DescribeOptions, type LossWeight } from './describe/loss-weights.js';
export { lossDocuments, type LossDocument } from './describe/loss-documents.js';
