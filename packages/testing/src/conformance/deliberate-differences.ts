/** What a rule looks at. */
interface Described {
  readonly name: string;
  readonly kind: string;
  readonly op?: string;
  readonly attrs?: Readonly<Record<string, unknown>>;
  readonly gradReq?: unknown;
  readonly inputs?: { readonly [name: string]: { readonly shape?: readonly number[] } };
  readonly json?: { readonly nodes: readonly GraphNode[] };
}

interface GraphNode {
  readonly op: string;
  readonly inputs: readonly (readonly number[])[];
}

interface Difference {
  readonly reason: string;
  matches(recorded: Described): boolean;
}

const overwriting: ReadonlySet<string> = new Set(['SoftmaxOutput', 'SVMOutput', 'LinearRegressionOutput', 'LogisticRegressionOutput', 'MAERegressionOutput']);

/** Behaviour of MXNet 1.9.1 that is a mistake there, and that this library does not repeat. Nothing else is left out of a comparison. */
const differences: readonly Difference[] = [
  {
    reason: 'SoftmaxOutput with out_grad: MXNet 1.9.1 multiplies the gradient by its own output; here it is multiplied by the head gradient',
    matches: ({ op, attrs }) => op === 'SoftmaxOutput' && attrs?.['out_grad'] === true,
  },
  {
    reason: "gradReq 'add' of output layers: MXNet 1.9.1 overwrites the gradient array, or scales what it held; here the gradient is added",
    matches: ({ kind, op, gradReq }) => kind === 'op' && gradReq === 'add' && op !== undefined && overwriting.has(op),
  },
  {
    reason: 'SoftmaxActivation in instance mode over more than two axes: MXNet 1.9.1 gives a wrong derivative; here it is the true one',
    matches: ({ op, attrs, inputs }) => op === 'SoftmaxActivation' && attrs?.['mode'] !== 'channel' && (inputs?.['data']?.shape?.length ?? 0) > 2,
  },
  {
    reason: "Deconvolution with both a stride and a dilation: MXNet 1.9.1's plain kernel gives other numbers than its oneDNN kernel; here they are oneDNN's, which are the operator's formula",
    matches: ({ op, attrs }) => op === 'Deconvolution' && isAboveOne(attrs?.['stride']) && isAboveOne(attrs?.['dilate']),
  },
  {
    reason: "gradReq 'add' of a variable in an elementwise sum: MXNet 1.9.1 hands what the variable's gradient array held on to the sum's other operand; here each gets its own gradient",
    matches: ({ kind, gradReq, json }) => kind === 'net' && gradReq === 'add' && json !== undefined && addsVariableToResult(json.nodes),
  },
];

function isAboveOne(lengths: unknown): boolean {
  return Array.isArray(lengths) && lengths.some((length) => Number(length) > 1);
}

/** MXNet gives both operands of a sum one gradient, and where it is accumulated in a variable's array the other operand reads it there. */
function addsVariableToResult(nodes: readonly GraphNode[]): boolean {
  const isVariable = ([node]: readonly number[]): boolean => nodes[node!]?.op === 'null';
  return nodes.some(({ op, inputs }) => op === 'elemwise_add' && inputs.some(isVariable) && !inputs.every(isVariable));
}

/** Why the recorded values are not ours; undefined where they must be. */
export function deliberateDifference(recorded: Described): string | undefined {
  return differences.find((difference) => difference.matches(recorded))?.reason;
}
