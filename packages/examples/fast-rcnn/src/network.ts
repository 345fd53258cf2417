import { abs, activation, convolution, dropout, flatten, fullyConnected, group, NameManager, reshape, roiPooling, smoothL1, softmax, square, type Symbol, variable, withNameManager } from '@lossworks/graph';
import { makeLoss, softmaxOutput } from '@lossworks/losses';

/** Ten digits and the background, which is class 0. */
export const classes = 11;

/** Loss of one difference from its target: the article's, and what ablations put in its place. */
const boxLosses = {
  'smooth-l1': (difference: Symbol) => smoothL1({ data: difference, scalar: 1, name: 'smooth_l1' }),
  l1: (difference: Symbol) => abs({ data: difference }),
  l2: (difference: Symbol) => square({ data: difference }).mul(0.5),
};

export type BoxLoss = keyof typeof boxLosses;

export const boxLossTitles: { readonly [L in BoxLoss]: string } = { 'smooth-l1': 'smooth L1', l1: 'L1', l2: 'L2' };

export const boxLossNames = Object.keys(boxLosses) as BoxLoss[];

/** Of one step. */
export const batch = { images: 2, regions: 128 } as const;

/** Pixels a feature: the trunk halves twice. */
const stride = 4;

export const probabilityOutput = 'cls_prob_reshape_output';
export const boxLossOutput = 'bbox_loss_reshape_output';

/**
 * The network to train (MXNet's `get_vgg_rcnn`): data (images, 1, height, width), rois (images, regions, 5), label (images, regions), bbox_target and bbox_weight
 * (images, regions, 4 · classes). Outputs: probabilities (images, regions, classes) and box losses (images, regions, 4 · classes).
 */
export function trainingNetwork(boxLoss: BoxLoss = 'smooth-l1'): Symbol {
  // Automatic names begin anew, so that a checkpoint's network and this one are told to be the same.
  return withNameManager(new NameManager(), () => {
    const perRegion = (name: string, ...rest: number[]) => reshape({ data: variable(name), shape: [-1, ...rest], name: `${name}_reshape` });
    const { scores, deltas } = heads(variable('data'), perRegion('rois', 5));
    const probabilities = softmaxOutput({ data: scores, label: perRegion('label'), normalization: 'batch', name: 'cls_prob' });
    const distance = boxLosses[boxLoss](deltas.sub(perRegion('bbox_target', 4 * classes)));
    const loss = makeLoss({ data: perRegion('bbox_weight', 4 * classes).mul(distance), gradScale: 1 / batch.regions, name: 'bbox_loss' });
    return group([
      reshape({ data: probabilities, shape: [batch.images, -1, classes], name: 'cls_prob_reshape' }),
      reshape({ data: loss, shape: [batch.images, -1, 4 * classes], name: 'bbox_loss_reshape' }),
    ]);
  });
}

/** The network to detect with: data and rois as above; probabilities and deltas, a row a region. */
export function detectionNetwork(): Symbol {
  const { scores, deltas } = heads(variable('data'), reshape({ data: variable('rois'), shape: [-1, 5], name: 'rois_reshape' }));
  return group([softmax({ data: scores, name: 'cls_prob' }), deltas]);
}

function heads(data: Symbol, rois: Symbol): { readonly scores: Symbol; readonly deltas: Symbol } {
  const pooled = flatten({ data: roiPooling({ data: trunk(data), rois, pooledSize: [7, 7], spatialScale: 1 / stride, name: 'roi_pool' }), name: 'flatten' });
  const hidden = [6, 7].reduce((features, index) => {
    const connected = activation({ data: fullyConnected({ data: features, numHidden: 256, name: `fc${index}` }), actType: 'relu', name: `relu${index}` });
    return dropout({ data: connected, p: 0.5, name: `drop${index}` });
  }, pooled);
  return {
    scores: fullyConnected({ data: hidden, numHidden: classes, name: 'cls_score' }),
    deltas: fullyConnected({ data: hidden, numHidden: 4 * classes, name: 'bbox_pred' }),
  };
}

/** Four convolutions, two of which halve: features a quarter of the image's size. */
function trunk(data: Symbol): Symbol {
  const layers = [
    { kernel: [5, 5], pad: [2, 2], stride: [2, 2], numFilter: 16 },
    { kernel: [3, 3], pad: [1, 1], stride: [2, 2], numFilter: 32 },
    { kernel: [3, 3], pad: [1, 1], numFilter: 48 },
    { kernel: [3, 3], pad: [1, 1], numFilter: 16 },
  ];
  return layers.reduce((below, layer, i) => activation({ data: convolution({ data: below, ...layer, name: `conv${i + 1}` }), actType: 'relu', name: `relu${i + 1}` }), data);
}
