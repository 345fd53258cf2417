/** Gives names to nodes: what the user chose, else the hint and a counter (`fullyconnected0`), one counter a hint (MXNet `NameManager`). */
export class NameManager {
  readonly #counters = new Map<string, number>();

  /**
   * The name of a new node.
   *
   * @param name the name that was asked for, if any: it uses up no counter
   * @param hint the base of an automatic name, in small letters: `fullyconnected`
   */
  get(name: string | undefined, hint: string): string {
    if (name !== undefined) return name;
    const count = this.#counters.get(hint) ?? 0;
    this.#counters.set(hint, count + 1);
    return `${hint}${count}`;
  }
}

/** Puts a prefix before every operator's name, chosen or automatic (MXNet `Prefix`). Variables made by hand keep theirs. */
export class PrefixNameManager extends NameManager {
  constructor(
    /** What is put in front, as it is: `p_`. */
    readonly prefix: string,
  ) {
    super();
  }

  /** The name that `NameManager` gives, with the prefix in front. */
  override get(name: string | undefined, hint: string): string {
    return this.prefix + super.get(name, hint);
  }
}

let current = new NameManager();

/** The manager that names nodes now. */
export function currentNameManager(): NameManager {
  return current;
}

/**
 * Names every operator that `build` creates by `manager`; a fresh `NameManager` starts counting at 0 (MXNet `with NameManager()`).
 *
 * @returns what `build` returns.
 * @throws TypeError where that is a promise: the scope has ended by then.
 */
export function withNameManager<Result>(manager: NameManager, build: () => Result): Result {
  const outer = current;
  current = manager;
  try {
    return synchronous(build(), 'withNameManager');
  } finally {
    current = outer;
  }
}

/**
 * Prefixes the name of every operator that `build` creates, and so of the inputs created with it (`p_fc1_weight`; MXNet `with Prefix(…)`).
 *
 * @returns what `build` returns.
 * @throws TypeError where that is a promise.
 */
export function withPrefix<Result>(prefix: string, build: () => Result): Result {
  return withNameManager(new PrefixNameManager(prefix), build);
}

/** A scope ends when its function returns: what is built later would silently miss it. */
export function synchronous<Result>(result: Result, scope: string): Result {
  if (result instanceof Promise) throw new TypeError(`${scope}: the function must build its symbols before it returns; it returned a promise`);
  return result;
}
