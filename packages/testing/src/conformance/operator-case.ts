import type { GradReq } from '@lossworks/graph';
import type { RecordedArray } from './deviation.js';

export type Attributes = Readonly<Record<string, unknown>>;
export type Arrays = Readonly<Record<string, RecordedArray>>;
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** What was bound, run and read. */
export interface RecordedRun {
  readonly inputs: Arrays;
  readonly isTrain: boolean;
  readonly outputs: readonly RecordedArray[];
  /** Left out where there was no backward; null for a backward without head gradients. */
  readonly headGrads?: readonly RecordedArray[] | null;
  readonly gradReq?: GradReq | Readonly<Record<string, GradReq>>;
  readonly gradInit?: Arrays;
  readonly grads?: Arrays;
  readonly aux_before?: Arrays;
  readonly aux_after_forward?: Arrays;
  readonly aux_after?: Arrays;
}

interface Named {
  readonly name: string;
}

interface OperatorUse {
  readonly op: string;
  readonly attrs: Attributes;
}

export type RunCase = Named & OperatorUse & RecordedRun & { readonly kind: 'op' | 'customop'; readonly inputOrder: readonly string[] };

export type StepsCase = Named & OperatorUse & {
  readonly kind: 'customop_steps';
  readonly inputs: Arrays;
  readonly aux_before: Arrays;
  readonly steps: readonly { readonly output: RecordedArray; readonly grad: RecordedArray; readonly center: RecordedArray }[];
};

/** A net's graph is its own `json`, or that of the case `symbol_<net>` of its file, or known by its name. */
export type NetCase = Named & RecordedRun & {
  readonly kind: 'net';
  readonly json?: SymbolGraph;
  readonly net?: string;
  readonly gradReqGiven?: GradReq | Readonly<Record<string, GradReq>>;
};

export type ShapeCase = Named & OperatorUse & {
  readonly kind: 'shape';
  readonly given: Shapes;
  readonly argShapes: Shapes;
  readonly outShapes: readonly (readonly number[])[];
  readonly auxShapes: Shapes | readonly (readonly number[])[];
};

export type ErrorCase = Named & OperatorUse & { readonly kind: 'error'; readonly shapes: Shapes; readonly inputOrder: readonly string[] };

/** MXNet's symbol JSON, as far as it is looked at here. */
export interface SymbolGraph {
  readonly nodes: readonly { readonly op: string; readonly name: string; readonly attrs?: Attributes; readonly inputs: readonly (readonly number[])[] }[];
  readonly heads: readonly (readonly number[])[];
}

/** The cases about operators, alone or in a net. */
export type OperatorCase = RunCase | StepsCase | NetCase | ShapeCase | ErrorCase;
