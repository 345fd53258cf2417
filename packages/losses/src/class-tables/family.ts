import { centerTable } from './center-loss.js';
import { contrastiveCenterTable, gitTable, islandTable, tripletCenterTable } from './center-relatives.js';
import { arcFaceLoss, cosFaceLoss, largeMarginLoss, normFaceLoss, sphereFaceLoss } from './margin-softmax.js';
import { proxyAnchorLoss, proxyNcaLoss, ringLoss } from './proxies.js';

/** Losses around centers that follow the features, by the name of their creator. */
export const centerTables = {
  centerLoss: centerTable, contrastiveCenterLoss: contrastiveCenterTable, islandLoss: islandTable, gitLoss: gitTable, tripletCenterLoss: tripletCenterTable,
} as const;

/** Loss functions with a table that is trained along, by exported name. */
export const trainedTableLosses = { ringLoss, proxyNcaLoss, proxyAnchorLoss, normFaceLoss, sphereFaceLoss, cosFaceLoss, arcFaceLoss, largeMarginLoss } as const;
