import { type InitializerRule } from './initializer-rule.js';
import { initializerRules } from './initializer-table.js';
import { NamedInitializer } from './named-initializer.js';

/** Constructor of one kind of initializer. */
export type InitializerClass<Options extends object> = new (options?: Partial<Options>) => NamedInitializer<Options>;

function initializerClass<Options extends object>(rule: InitializerRule<Options>): InitializerClass<Options> {
  return class extends NamedInitializer<Options> {
    constructor(options?: Partial<Options>) {
      super(rule, options);
    }
  };
}

/** Zeros (MXNet `Zero`). */
export const Zero = /* @__PURE__ */ initializerClass(initializerRules.zero);
/** Ones (MXNet `One`). */
export const One = /* @__PURE__ */ initializerClass(initializerRules.one);
/** One value everywhere (MXNet `Constant`). */
export const Constant = /* @__PURE__ */ initializerClass(initializerRules.constant);
/** Uniform in [−scale, scale] (MXNet `Uniform`). */
export const Uniform = /* @__PURE__ */ initializerClass(initializerRules.uniform);
/** Normal around 0 with standard deviation sigma (MXNet `Normal`). */
export const Normal = /* @__PURE__ */ initializerClass(initializerRules.normal);
/** Orthogonal rows or columns times a scale (Saxe, McClelland and Ganguli 2013; MXNet `Orthogonal`). */
export const Orthogonal = /* @__PURE__ */ initializerClass(initializerRules.orthogonal);
/** Variance kept from layer to layer (Glorot and Bengio 2010; MXNet `Xavier`). Needs at least two axes. */
export const Xavier = /* @__PURE__ */ initializerClass(initializerRules.xavier);
/** Xavier's for layers followed by (leaky) ReLU (He et al. 2015; MXNet `MSRAPrelu`). Needs at least two axes. */
export const MSRAPrelu = /* @__PURE__ */ initializerClass(initializerRules.msraprelu);
/** Weights of an upsampling deconvolution that interpolates, shape [out, in, height, width] (MXNet `Bilinear`). */
export const Bilinear = /* @__PURE__ */ initializerClass(initializerRules.bilinear);
/** Zeros, and the forget gate's quarter at forgetBias (MXNet `LSTMBias`). */
export const LSTMBias = /* @__PURE__ */ initializerClass(initializerRules.lstmbias);
