import { bilinear } from './bilinear.js';
import { constant, one, zero } from './constant.js';
import { lstmbias } from './lstm-bias.js';
import { normal } from './normal.js';
import { orthogonal } from './orthogonal.js';
import { uniform } from './uniform.js';
import { msraprelu, xavier } from './xavier.js';

/** Every initializer by the names MXNet knows it under (`zeros` and `ones` are second names). */
export const initializerRules = { zero, zeros: zero, one, ones: one, constant, uniform, normal, orthogonal, xavier, msraprelu, bilinear, lstmbias };

/** Names that `createInitializer` knows. */
export type InitializerName = keyof typeof initializerRules;
