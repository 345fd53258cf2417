import { ntXentLoss, sdmlLoss, supervisedContrastiveLoss } from './functions/batches.js';
import { focalLoss, hingeLoss, logisticLoss, multiMarginLoss, sigmoidCrossEntropyLoss, squaredHingeLoss } from './functions/binary.js';
import { softmaxCrossEntropyLoss } from './functions/cross-entropy.js';
import { contrastiveLoss, cosineEmbeddingLoss, marginRankingLoss, tripletLoss } from './functions/distances.js';
import { gaussianLoss, klDivergenceLoss, poissonLoss } from './functions/likelihoods.js';
import { diceLoss, tverskyLoss } from './functions/overlap.js';
import { huberLoss, l1Loss, l2Loss, logCoshLoss, smoothL1Loss } from './functions/regression.js';
import { ctcLoss } from './sequences/ctc-loss.js';

/** Every loss function by the name it is exported under; those with a trained table are in `trainedTableLosses`. */
export const lossFunctions = {
  l1Loss, l2Loss, huberLoss, smoothL1Loss, logCoshLoss,
  softmaxCrossEntropyLoss, sigmoidCrossEntropyLoss, focalLoss,
  klDivergenceLoss, poissonLoss, gaussianLoss,
  hingeLoss, squaredHingeLoss, logisticLoss, multiMarginLoss,
  cosineEmbeddingLoss, marginRankingLoss, tripletLoss, contrastiveLoss,
  sdmlLoss, ntXentLoss, supervisedContrastiveLoss,
  diceLoss, tverskyLoss,
  ctcLoss,
} as const;
