import { full, type NDArray, type RandomGenerator } from '@lossworks/ndarray';
import type { InitDesc, Initializer } from './initializer.js';
import type { InitializerRule } from './initializer-rule.js';
import { type InitializerName, initializerRules } from './initializer-table.js';

/** An initializer that a text can name: a rule with its options. */
export class NamedInitializer<Options extends object = object> implements Initializer {
  /** All options, those left out at their defaults. */
  readonly options: Readonly<Options>;

  /** @throws RangeError for an option that the rule does not have, or one that makes no sense. */
  constructor(
    private readonly rule: InitializerRule<Options>,
    options: Partial<Options> = {},
  ) {
    const known = Object.keys(rule.defaults);
    const unknown = Object.keys(options).filter((option) => !known.includes(option));
    if (unknown.length > 0) throw new RangeError(`${rule.name}: there is no option ${unknown.join(', ')}; it has ${known.join(', ') || 'none'}`);
    this.options = { ...rule.defaults, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
    rule.check?.(this.options);
  }

  /**
   * The first values of an array: by the initializer that its `__init__` attribute names, else by the end of its name (MXNet `Initializer`). Only
   * what ends in `weight` gets this rule; `bias`, `beta`, `min` and `bias_quantize` are 0, `gamma` and `max` are 1, and `weight_quantize` is one whole
   * number from -127 to 126 throughout, as MXNet draws it.
   *
   * @throws RangeError where the name ends in none of these, or the rule does not fit the shape.
   */
  initialize(target: InitDesc, random: RandomGenerator): NDArray {
    const own = target.attributes?.__init__;
    if (own) return createInitializer(own).fill(target, random);
    const suffix = Object.keys(constantSuffixes).find((ending) => target.name.endsWith(ending));
    if (suffix !== undefined) return full(target.shape, constantSuffixes[suffix]!);
    if (target.name.endsWith('weight')) return this.fill(target, random);
    if (target.name.endsWith('weight_quantize')) return full(target.shape, Math.floor(254 * random.nextUniform()) - 127);
    throw new RangeError(
      `${this.rule.name}: the name ${target.name} tells no initial value: it ends in none of weight, weight_quantize, ${Object.keys(constantSuffixes).join(', ')}; ` +
        'rename it, or give its variable an init',
    );
  }

  /**
   * What the rule makes of any array, whatever its name.
   *
   * @throws RangeError where the rule does not fit the shape.
   */
  fill(target: InitDesc, random: RandomGenerator): NDArray {
    return this.rule.fill(target, this.options, random);
  }

  /** MXNet's text of it, for the `init` of a variable: `["uniform", {"scale": 0.07}]`. */
  dumps(): string {
    const members = Object.entries(this.options).map(([option, value]) => `${JSON.stringify(snakeCase(option))}: ${JSON.stringify(value)}`);
    return `["${this.rule.name}", {${members.join(', ')}}]`;
  }
}

const constantSuffixes: { readonly [suffix: string]: number } = { bias: 0, gamma: 1, beta: 0, min: 0, max: 1, bias_quantize: 0 };

/**
 * An initializer by name, in any mixture of cases, or from the text that `dumps` writes.
 *
 * @throws RangeError for an unknown name or option; the message lists those there are.
 */
export function createInitializer(source: string, options: Readonly<Record<string, unknown>> = {}): NamedInitializer {
  if (source.trimStart().startsWith('[')) return fromText(source);
  const name = source.toLowerCase();
  if (!Object.hasOwn(initializerRules, name)) {
    throw new RangeError(`createInitializer: there is no initializer ${JSON.stringify(source)}; choose one of ${Object.keys(initializerRules).join(', ')}`);
  }
  const camelCased = Object.fromEntries(Object.entries(options).map(([option, value]) => [camelCase(option), value]));
  return new NamedInitializer(initializerRules[name as InitializerName] as InitializerRule, camelCased);
}

function fromText(text: string): NamedInitializer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Reported below, with the same way out.
  }
  const [name, options = {}] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  if (typeof name !== 'string' || typeof options !== 'object' || options === null) {
    throw new RangeError(`createInitializer: ${JSON.stringify(text.slice(0, 60))} names no initializer; write a name, or ["uniform", {"scale": 0.07}]`);
  }
  return createInitializer(name, options as Record<string, unknown>);
}

function camelCase(option: string): string {
  return option.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
