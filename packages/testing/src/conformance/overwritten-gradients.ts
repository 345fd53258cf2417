import type { SymbolGraph } from './operator-case.js';

/**
 * The gammas of `prelu` whose recorded gradient is gamma times the true one. MXNet 1.9.1 writes the gradient of the data over the head gradient, where
 * that is an array of its own making, before it computes gamma's gradient from it: Σ h·γ·x over x ≤ 0 in place of Σ h·x.
 */
export function overwrittenGammas({ nodes, heads }: SymbolGraph): ReadonlySet<string> {
  const isHead = (index: number): boolean => heads.some(([node]) => node === index);
  const gammas = nodes.flatMap(({ op, attrs, inputs }, index) => {
    const [data, gamma] = inputs.map(([node]) => nodes[node!]!);
    return op === 'LeakyReLU' && attrs?.['act_type'] === 'prelu' && data!.op !== 'null' && !isHead(index) ? [gamma!.name] : [];
  });
  return new Set(gammas);
}
