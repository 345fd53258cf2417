import type { Operator } from '@lossworks/graph';
import { centerLossOperator, centerTable } from './center-loss.js';
import {
  contrastiveCenterLossOperator, contrastiveCenterTable, gitLossOperator, gitTable, islandLossOperator, islandTable, tripletCenterLossOperator, tripletCenterTable,
} from './center-relatives.js';
import { arcFaceLoss, cosFaceLoss, largeMarginLoss, normFaceLoss, sphereFaceLoss } from './margin-softmax.js';
import { proxyAnchorLoss, proxyNcaLoss, ringLoss } from './proxies.js';

/** Losses around centers that follow the features, by the name of their creator. */
export const centerTables = {
  centerLoss: centerTable, contrastiveCenterLoss: contrastiveCenterTable, islandLoss: islandTable, gitLoss: gitTable, tripletCenterLoss: tripletCenterTable,
} as const;

/** Their operators. */
export const centerOperators: { readonly [Name in keyof typeof centerTables]: Operator } = {
  centerLoss: centerLossOperator, contrastiveCenterLoss: contrastiveCenterLossOperator, islandLoss: islandLossOperator, gitLoss: gitLossOperator, tripletCenterLoss: tripletCenterLossOperator,
};

/** Loss functions with a table that is trained along, by exported name. */
export const trainedTableLosses = { ringLoss, proxyNcaLoss, proxyAnchorLoss, normFaceLoss, sphereFaceLoss, cosFaceLoss, arcFaceLoss, largeMarginLoss } as const;
