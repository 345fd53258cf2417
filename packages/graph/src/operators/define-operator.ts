import type { Operator } from './operator.js';
import type { ParameterTable } from './parameter.js';

/** Types an operator entry by its own parameter table. Nothing is registered. */
export function defineOperator<const Table extends ParameterTable>(operator: Operator<Table>): Operator<Table> {
  return operator;
}
