import type { Primitive } from '@lossworks/ndarray';
import { convolutionSamples } from './convolution-samples.js';
import { elementwiseSamples } from './elementwise-samples.js';
import { indexingSamples } from './indexing-samples.js';
import { poolingSamples } from './pooling-samples.js';
import type { PrimitiveInfo } from './primitive-info.js';
import { reductionSamples } from './reduction-samples.js';
import { shapeSamples } from './shape-samples.js';

/** What every primitive is tested with. One row buys every check: forward, shape, derivative, second derivative, errors, on each engine. */
export const primitiveInfos: { readonly [P in Primitive]: PrimitiveInfo<P> } = {
  ...shapeSamples,
  ...elementwiseSamples,
  ...reductionSamples,
  ...convolutionSamples,
  ...poolingSamples,
  ...indexingSamples,
};
