import { createSymbol, custom, fullyConnected, lookUpOperator, NameManager, Symbol, variable, withNameManager } from '@lossworks/graph';
import { linearRegressionOutput } from '@lossworks/losses';
import type { Attributes, SymbolGraph } from './operator-case.js';

/** The operators of the recorder that it registered itself. */
const customOperators: ReadonlySet<string> = new Set(['centerloss', 'scaleop']);

/** The recorder reached some operators through a module. */
function operatorName(op: string): string {
  return op.replace('_internal.', '');
}

/** Which of the operators nobody has registered. */
export function missingOperators(ops: readonly string[]): string[] {
  return [...new Set(ops)].filter((op) => op !== 'null' && !customOperators.has(op) && !lookUpOperator(operatorName(op)));
}

export function missingInGraph({ nodes }: SymbolGraph): string[] {
  return missingOperators(nodes.map(({ op }) => op));
}

/** One operator named `op` over variables, as the recorder built it. */
export function operatorSymbol(op: string, attributes: Attributes, inputNames: readonly string[]): Symbol {
  const parameters = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, pythonText(value)]));
  return withNameManager(new NameManager(), () => {
    const inputs = inputNames.map((name) => variable(name));
    return customOperators.has(op) ? custom({ opType: op, inputs, name: 'op', ...parameters }) : createSymbol(operatorName(op), { inputs, parameters, name: 'op' });
  });
}

/** Nets that the recordings hold by name alone. */
export const namedNets: { readonly [caseName: string]: () => Symbol } = {
  net_fc_scaleop_linreg: () => {
    const hidden = fullyConnected({ data: variable('data'), numHidden: 2, name: 'fc' });
    return linearRegressionOutput({ data: custom({ opType: 'scaleop', data: hidden, k: 0.5, name: 'sc' }), label: variable('label'), name: 'lro' });
  },
};

/** A value as it stands in symbol JSON: `True`, `None`, `(1, 2)`. */
function pythonText(value: unknown): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `(${value.map(pythonText).join(', ')}${value.length === 1 ? ',' : ''})`;
  return String(value);
}
