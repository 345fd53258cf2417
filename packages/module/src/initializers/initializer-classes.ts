import { type InitializerRule } from './initializer-rule.js';
import { initializerRules } from './initializer-table.js';
import { NamedInitializer } from './named-initializer.js';

/** Constructor of one kind of initializer. Throws a RangeError for an option it does not have, or one that makes no sense. */
export type InitializerClass<Options extends object> = new (options?: Partial<Options>) => NamedInitializer<Options>;

function initializerClass<Options extends object>(rule: InitializerRule<Options>): InitializerClass<Options> {
  return class extends NamedInitializer<Options> {
    constructor(options?: Partial<Options>) {
      super(rule, options);
    }
  };
}

/** Zeros of any shape (MXNet `Zero`). */
export const Zero = /* @__PURE__ */ initializerClass(initializerRules.zero);
/** Ones of any shape (MXNet `One`). */
export const One = /* @__PURE__ */ initializerClass(initializerRules.one);
/**
 * One `value` everywhere, of any shape (MXNet `Constant`).
 *
 * @throws RangeError without `value`: there is no default.
 */
export const Constant = /* @__PURE__ */ initializerClass(initializerRules.constant);
/** Uniform in [−scale, scale), `scale` 0.07 unless told, of any shape (MXNet `Uniform`). */
export const Uniform = /* @__PURE__ */ initializerClass(initializerRules.uniform);
/** Normal around 0 with standard deviation `sigma`, 0.01 unless told, of any shape (MXNet `Normal`). */
export const Normal = /* @__PURE__ */ initializerClass(initializerRules.normal);
/**
 * Orthogonal rows or columns, whichever are fewer, times `scale` (√2 as 1.414 unless told); `[rows, …]` is read as a matrix (Saxe et al. 2013; MXNet
 * `Orthogonal`).
 *
 * @throws RangeError for another `randType` than 'uniform' (the default) or 'normal'.
 */
export const Orthogonal = /* @__PURE__ */ initializerClass(initializerRules.orthogonal);
/**
 * Variance kept from layer to layer (Glorot & Bengio 2010; MXNet `Xavier`): `rndType` 'uniform', `factorType` 'avg', `magnitude` 3 unless told. Shape
 * `[out, in, …]`.
 *
 * @throws RangeError for another `rndType` or `factorType`; when it fills, for fewer than two axes.
 */
export const Xavier = /* @__PURE__ */ initializerClass(initializerRules.xavier);
/**
 * Xavier's for layers followed by (leaky) ReLU (He et al. 2015; MXNet `MSRAPrelu`): `factorType` 'avg', `slope` 0.25 unless told. Shape `[out, in,
 * …]`.
 *
 * @throws RangeError for another `factorType`; when it fills, for fewer than two axes.
 */
export const MSRAPrelu = /* @__PURE__ */ initializerClass(initializerRules.msraprelu);
/**
 * Weights of an upsampling deconvolution that interpolates, shape `[out, in, height, width]` (MXNet `Bilinear`).
 *
 * @throws RangeError, when it fills, for another number of axes.
 */
export const Bilinear = /* @__PURE__ */ initializerClass(initializerRules.bilinear);
/**
 * Zeros, and the forget gate's quarter at `forgetBias`, 1 unless told; shape `[4 · hidden units]` (MXNet `LSTMBias`).
 *
 * @throws RangeError, when it fills, for another number of axes.
 */
export const LSTMBias = /* @__PURE__ */ initializerClass(initializerRules.lstmbias);
