/** A state's `merge`, field by field: how each one adds up. */
export function mergeFields<State extends object>(adders: { readonly [Field in keyof State]-?: (a: State[Field], b: State[Field]) => State[Field] }) {
  return (a: State, b: State): State =>
    Object.fromEntries(Object.keys(adders).map(key => [key, adders[key as keyof State](a[key as keyof State], b[key as keyof State])])) as State;
}

/** Adds counts. */
export function plus(a: number, b: number): number {
  return a + b;
}

/** Adds lists item by item; what only the longer one has, stays. */
export function listsOf<Item>(add: (a: Item, b: Item) => Item) {
  return (a: readonly Item[], b: readonly Item[]): readonly Item[] => {
    const [long, short] = a.length < b.length ? [b, a] : [a, b];
    return long.map((item, i) => (i < short.length ? add(item, short[i]!) : item));
  };
}
