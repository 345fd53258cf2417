import { given, numbers, type LossInfo, type LossSample, type LossSampleInputs } from './loss-sample.js';
import { centerReferences, islandTerm, trainedTableReferences } from './table-references.js';

const features = { data: numbers([6, 3], 40), label: given([0, 2, 2, 1, 0, 2]) };
const centers: LossSampleInputs = { ...features, center: numbers([4, 3], 41) };
const proxies: LossSampleInputs = { ...features, proxy: numbers([4, 3], 42) };
const weights: LossSampleInputs = { ...features, weight: numbers([4, 3], 43) };

const center = (options: LossSample['options'] = {}): LossSample => ({ inputs: centers, options: { numClass: 4, ...options }, wanted: ['data', 'center'] });
const proxy = (options: LossSample['options'] = {}): LossSample => ({ inputs: proxies, options: { numClass: 4, ...options }, wanted: ['data', 'proxy'] });
const weight = (options: LossSample['options'] = {}): LossSample => ({ inputs: weights, options: { numClass: 4, ...options }, wanted: ['data', 'weight'] });

/** Every loss around class centers, by its creator. */
export const centerInfos = {
  centerLoss: { reference: centerReferences.centerLoss, samples: { plain: center() } },
  contrastiveCenterLoss: { reference: centerReferences.contrastiveCenterLoss, samples: { plain: center(), 'δ 0.5': center({ delta: 0.5 }) } },
  islandLoss: { reference: centerReferences.islandLoss, term: islandTerm, samples: { plain: center(), 'λ₁ 2': center({ island: 2 }), 'without an island': center({ island: 0 }) } },
  gitLoss: { reference: centerReferences.gitLoss, samples: { plain: center(), 'λ_G 0.25': center({ git: 0.25 }) } },
  tripletCenterLoss: { reference: centerReferences.tripletCenterLoss, samples: { plain: center(), 'margin 1': center({ margin: 1 }) } },
} satisfies { readonly [name: string]: LossInfo };

/** Every loss function with a trained table, by its exported name. */
export const trainedTableInfos = {
  ringLoss: { reference: trainedTableReferences.ringLoss, samples: { plain: { inputs: { data: features.data, radius: given([1.5]) }, wanted: ['data', 'radius'] } } },
  proxyNcaLoss: { reference: trainedTableReferences.proxyNcaLoss, samples: { plain: proxy(), 'scale 4': proxy({ softmaxScale: 4 }), 'without the own proxy': proxy({ includeOwn: false }) } },
  proxyAnchorLoss: { reference: trainedTableReferences.proxyAnchorLoss, samples: { plain: proxy(), 'α 8, δ 0.25': proxy({ alpha: 8, margin: 0.25 }) } },
  normFaceLoss: { reference: trainedTableReferences.normFaceLoss, samples: { plain: weight(), 'scale 4': weight({ scale: 4 }) } },
  sphereFaceLoss: { reference: trainedTableReferences.sphereFaceLoss, samples: { plain: weight(), 'm 3': weight({ margin: '3' }), 'm 2': weight({ margin: '2' }), 'm 1': weight({ margin: '1' }) } },
  cosFaceLoss: { reference: trainedTableReferences.cosFaceLoss, samples: { plain: weight(), 'scale 4': weight({ scale: 4, margin: 0.25 }) } },
  arcFaceLoss: { reference: trainedTableReferences.arcFaceLoss, samples: { plain: weight(), 'a margin near π': weight({ scale: 4, margin: 2.5 }) } },
  largeMarginLoss: { reference: trainedTableReferences.largeMarginLoss, samples: { plain: weight(), 'm 2': weight({ margin: '2' }) } },
} satisfies { readonly [name: string]: LossInfo };
