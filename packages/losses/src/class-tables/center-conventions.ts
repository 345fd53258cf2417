/** How a center loss and the softmax beside it are weighed, and what that makes of λ. */
export interface CenterLossConvention {
  /** What is minimised, B being the batch, c_y the own center. */
  readonly formula: string;
  /** The paper or program it is that of. */
  readonly source: string;
  /** Options of `centerLoss`. */
  readonly centerLoss: { readonly normalization: 'null' | 'batch'; readonly centerUpdate: 'follow' | 'gradient' };
  /** Option of the `softmaxOutput` it goes with. */
  readonly softmaxNormalization: 'null' | 'batch';
  /** What the optimizer's `rescaleGradient` is in it, from the batch size. */
  readonly rescaleGradient: (batchSize: number) => number;
  /** λ in L_softmax + λ·½Σ‖x − c‖², relative to the softmax loss: what `scale` really weighs. */
  readonly effectiveLambda: (scale: number, batchSize: number) => number;
  /** The step of a center, a formula: n is the number of samples of its class. */
  readonly centerStep: string;
}

/**
 * The conventions people meet under the name of center loss. The same `scale` weighs a hundred times less in one of them: compare `effectiveLambda`, not
 * `scale`. Use one by `centerLoss({ ...centerLossConventions.paper.centerLoss, … })`.
 */
export const centerLossConventions = {
  paper: {
    formula: 'λΣ½‖x − c_y‖² beside Σ cross entropy',
    source: 'Wen et al. 2016, eq. 2 and 4',
    centerLoss: { normalization: 'null', centerUpdate: 'follow' },
    softmaxNormalization: 'null',
    rescaleGradient: (batchSize) => 1 / batchSize,
    effectiveLambda: (scale) => scale,
    centerStep: 'α Σ(x − c) / (1 + n)',
  },
  caffe: {
    formula: 'λΣ½‖x − c_y‖²/B beside the mean cross entropy',
    source: 'ydwen/caffe-face; its α is the learning rate times lr_mult',
    centerLoss: { normalization: 'batch', centerUpdate: 'follow' },
    softmaxNormalization: 'batch',
    rescaleGradient: () => 1,
    effectiveLambda: (scale) => scale,
    centerStep: 'α Σ(x − c) / (1 + n)',
  },
  mxnet2016: {
    formula: 'λΣ½‖x − c_y‖²/B beside Σ cross entropy, all divided by B again',
    source: 'pangyupo/mxnet_center_loss: the operator and the optimizer both divide by the batch',
    centerLoss: { normalization: 'batch', centerUpdate: 'follow' },
    softmaxNormalization: 'null',
    rescaleGradient: (batchSize) => 1 / batchSize,
    effectiveLambda: (scale, batchSize) => scale / batchSize,
    centerStep: 'α Σ(x − c) / (1 + n)',
  },
  autograd: {
    formula: 'λΣ½‖x − c_y‖²/B beside the mean cross entropy, centers trained by its derivative',
    source: 'PyTorch and gluon re-implementations; those that leave out the ½ weigh 2λ',
    centerLoss: { normalization: 'batch', centerUpdate: 'gradient' },
    softmaxNormalization: 'batch',
    rescaleGradient: () => 1,
    effectiveLambda: (scale) => scale,
    centerStep: 'learning rate · λ Σ(x − c) / B, without counts',
  },
} as const satisfies { readonly [name: string]: CenterLossConvention };

/** Names of the published conventions of center loss. */
export type CenterLossConventionName = keyof typeof centerLossConventions;
