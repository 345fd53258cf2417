import { synchronous } from './name-manager.js';
import type { Attributes } from './node.js';

/** Keys that MXNet takes bare and stores as `__key__`. */
export const hiddenKeys: readonly string[] = ['ctx_group', 'lr_mult', 'wd_mult', 'force_mirroring', 'mirror_stage'];

let current: Attributes = {};

/**
 * Gives every variable and operator that `build` creates the attributes, unless it has its own (MXNet `AttrScope`): `withAttributes({ __lr_mult__: '0.1' },
 * …)` slows a whole block down, since the weights that operators create inherit them. Scopes nest.
 *
 * @returns what `build` returns.
 * @throws RangeError for keys neither of the form `__key__` nor among MXNet's bare ones (`lr_mult`, `wd_mult`, `ctx_group` …); TypeError for values that are
 * no texts, and where `build` returns a promise.
 */
export function withAttributes<Result>(attributes: Attributes, build: () => Result): Result {
  const outer = current;
  current = { ...outer, ...storedAttributes(attributes, 'withAttributes') };
  try {
    return synchronous(build(), 'withAttributes');
  } finally {
    current = outer;
  }
}

/** The attributes of the scopes around, overridden by a node's own. */
export function scopedAttributes(own: Attributes, what: string): Attributes {
  return { ...current, ...storedAttributes(own, what) };
}

/** Attributes as nodes keep them: texts, `lr_mult` as `__lr_mult__`; other keys must have that form already. */
export function storedAttributes(attributes: Attributes, what: string): Attributes {
  const stored: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value !== 'string') {
      throw new TypeError(`${what}: the attribute ${key} must be a string, not ${typeof value}; write ${key}: '${String(value)}'`);
    }
    if (isHidden(key)) {
      stored[hidden(key)] = value;
    } else if (/^__.+__$/.test(key)) {
      stored[key] = value;
    } else {
      throw new RangeError(`${what}: custom attributes have the form __key__; write __${key}__ (bare: ${hiddenKeys.join(', ')})`);
    }
  }
  return stored;
}

/** Attributes as MXNet lists them: `__lr_mult__` shows as `lr_mult` too. */
export function listedAttributes(attributes: Attributes): Attributes {
  const listed: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(attributes)) {
    listed[key] = value;
    const bare = hiddenKeys.find((candidate) => hidden(candidate) === key);
    if (bare !== undefined) listed[bare] = value;
  }
  return listed;
}

export function isHidden(key: string): boolean {
  return hiddenKeys.includes(key);
}

function hidden(key: string): string {
  return `__${key}__`;
}
