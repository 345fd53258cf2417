import { zeros, type NDArray } from '@lossworks/ndarray';
import type { BackwardPass } from './backward-pass.js';
import type { ForwardPass, NodeRun } from './forward-pass.js';

/** Called with each result of a pass by its name: `fc1_output`, `fc1_backward_output0`. The array is recorded, not computed. */
export type MonitorCallback = (name: string, array: NDArray) => void;

/** Which arrays a monitor callback hears. */
export interface MonitorCallbackOptions {
  /** Only names that match from their start: a regular expression; all unless given. */
  readonly pattern?: string | RegExp;
  /** Whether operators' inputs are told too, as `fc1_data`; false unless given. */
  readonly monitorAll?: boolean;
}

/** A callback and what it wants to hear. */
export interface InstalledMonitor {
  readonly callback: MonitorCallback;
  readonly pattern: RegExp;
  readonly monitorAll: boolean;
}

export function installed(callback: MonitorCallback, { pattern = '.*', monitorAll = false }: MonitorCallbackOptions): InstalledMonitor {
  return { callback, pattern: fromStart(pattern), monitorAll };
}

/** A pattern that must match from the first character on, as Python's `re.match` does. */
export function fromStart(pattern: string | RegExp): RegExp {
  return typeof pattern === 'string' ? new RegExp(`^(?:${pattern})`) : new RegExp(`^(?:${pattern.source})`, pattern.flags.replaceAll(/[gy]/g, ''));
}

/** Tells every output of a forward pass, in order. */
export function tellForward({ runs }: ForwardPass, monitor: InstalledMonitor): void {
  for (const { node, call, outputs } of runs) {
    if (monitor.monitorAll) node.operator!.inputs(node.parameters).forEach((argument, k) => tell(monitor, `${node.name}_${argument}`, call.inputs[k]!));
    outputs.forEach((output, index) => tell(monitor, node.outputName(index), output));
  }
}

/** Tells every gradient of a backward pass, last node first: one for each argument whose gradient is wanted. */
export function tellBackward({ calls, gradients }: Pick<BackwardPass, 'calls' | 'gradients'>, monitor: InstalledMonitor): void {
  for (const [node, call] of calls) {
    call.inputs.forEach((input, k) => {
      if (call.wanted[k]) tell(monitor, backwardName(node, k), gradients.get(node)?.[k] ?? zeros(input.shape));
    });
  }
}

/** `fc1_backward_output1`; without a number where the operator has one argument. */
export function backwardName(node: NodeRun['node'], argument: number): string {
  return `${node.name}_backward_output${node.argumentCount === 1 ? '' : argument}`;
}

function tell({ callback, pattern }: InstalledMonitor, name: string, array: NDArray): void {
  if (pattern.test(name)) callback(name, array);
}
