import type { Operator } from '../operators/operator.js';
import type { ParameterTable, ParameterValues } from '../operators/parameter.js';

/** Attribute texts by key: an operator's parameters (`num_hidden`) and custom attributes (`__lr_mult__`). */
export type Attributes = { readonly [key: string]: string };

/** One vertex of a symbol graph: a variable (no operator) or one use of an operator. Immutable; shared by reference. */
export class Node {
  /** What it computes; null for a variable. */
  readonly operator: Operator | null;
  /** As `listArguments` and `listOutputs` have it: `fc1`, `fc1_weight`. */
  readonly name: string;
  /** Texts as they stand in symbol JSON. */
  readonly attributes: Attributes;
  /** The operator's arguments in order, then its auxiliary states in order. Empty for a variable. */
  readonly inputs: readonly NodeOutput[];
  /** The parsed parameters, with defaults filled in. Empty for a variable. */
  readonly parameters: ParameterValues<ParameterTable>;
  /** How many of `inputs` are arguments; those behind them are auxiliary states. */
  readonly argumentCount: number;
  /** The operator's own names of its outputs (`output`, `mean`); a variable has one, without a name. */
  readonly outputNames: readonly string[];

  /**
   * @param fields `parameters` parsed and complete, `inputs` arguments, then auxiliary states; `createSymbol` makes nodes from less.
   */
  constructor(fields: {
    operator: Operator | null;
    name: string;
    attributes?: Attributes;
    inputs?: readonly NodeOutput[];
    parameters?: ParameterValues<ParameterTable>;
  }) {
    this.operator = fields.operator;
    this.name = fields.name;
    this.attributes = { ...fields.attributes };
    this.inputs = fields.inputs ?? [];
    this.parameters = fields.parameters ?? {};
    this.argumentCount = fields.operator ? fields.operator.inputs(this.parameters).length : 0;
    this.outputNames = fields.operator ? (fields.operator.outputs?.(this.parameters) ?? ['output']) : [''];
  }

  /** Whether it is an input of the graph: data, a label, a parameter, an auxiliary state. */
  get isVariable(): boolean {
    return this.operator === null;
  }

  /** How many outputs it has, at least 1; 1 for a variable. */
  get outputCount(): number {
    return this.outputNames.length;
  }

  /** The name of output `index` as `listOutputs` gives it: `fc1_output`, `slice0_output1`; a variable's is its own name. */
  outputName(index: number): string {
    return this.operator ? `${this.name}_${this.outputNames[index]}` : this.name;
  }

  /** `fc1 (FullyConnected)`, as errors name it. */
  get label(): string {
    return this.operator ? `${this.name} (${this.operator.name})` : `${this.name} (variable)`;
  }
}

/** Adds attributes that a variable lacks: the one thing about a node that may change after it was made. */
export function annotate(variable: Node, attributes: Attributes): void {
  const own = variable.attributes as { [key: string]: string };
  for (const [key, value] of Object.entries(attributes)) own[key] ??= value;
}

/** One output of a node. */
export interface NodeOutput {
  /** Whose output. */
  readonly node: Node;
  /** Which one, from 0 to `outputCount` − 1. */
  readonly index: number;
}

/** Every node the outputs depend on, each once: depth first, inputs in order and before the node itself. */
export function traverse(outputs: readonly NodeOutput[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  for (const output of outputs) {
    // An explicit stack: graphs may be deeper than the call stack.
    const stack: { node: Node; next: number }[] = [];
    const enter = (node: Node) => {
      if (seen.has(node)) return;
      seen.add(node);
      stack.push({ node, next: 0 });
    };
    enter(output.node);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input) {
        enter(input.node);
      } else {
        order.push(top.node);
        stack.pop();
      }
    }
  }
  return order;
}

/** The variables that some node of the list uses as an auxiliary state. */
export function auxiliaryNodes(nodes: readonly Node[]): Set<Node> {
  const auxiliary = new Set<Node>();
  for (const { inputs, argumentCount } of nodes) for (let i = argumentCount; i < inputs.length; i++) auxiliary.add(inputs[i]!.node);
  return auxiliary;
}
