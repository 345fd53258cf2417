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

export const Zero = /* @__PURE__ */ initializerClass(initializerRules.zero);
export const One = /* @__PURE__ */ initializerClass(initializerRules.one);
export const Constant = /* @__PURE__ */ initializerClass(initializerRules.constant);
export const Uniform = /* @__PURE__ */ initializerClass(initializerRules.uniform);
export const Normal = /* @__PURE__ */ initializerClass(initializerRules.normal);
export const Orthogonal = /* @__PURE__ */ initializerClass(initializerRules.orthogonal);
export const Xavier = /* @__PURE__ */ initializerClass(initializerRules.xavier);
export const MSRAPrelu = /* @__PURE__ */ initializerClass(initializerRules.msraprelu);
export const Bilinear = /* @__PURE__ */ initializerClass(initializerRules.bilinear);
export const LSTMBias = /* @__PURE__ */ initializerClass(initializerRules.lstmbias);
