import { array, ones, vjp } from '@lossworks/ndarray';
import { gluonLoss, gluonLosses, type GluonLossName } from '@lossworks/losses';
import type { Tolerance } from '../compare.js';
import { verdict, type CaseResult } from './case-result.js';
import { deviation, type RecordedArray } from './deviation.js';

/** A loss of gluon's over arrays, one number a sample, and its gradients for head gradients of ones. */
export interface GluonCase {
  readonly name: string;
  readonly kind: 'gluon_loss';
  readonly op: string;
  readonly attrs: { readonly [argument: string]: unknown };
  readonly inputs: { readonly [input: string]: RecordedArray };
  readonly output: RecordedArray;
  readonly grads: { readonly [input: string]: RecordedArray };
}

const tolerance: Tolerance = { relative: 1e-5, absolute: 2e-6 };

/** Runs one recorded loss of gluon's and compares output and gradients. */
export async function runGluonCase({ op, attrs, inputs, output, grads }: GluonCase): Promise<CaseResult> {
  if (!Object.hasOwn(gluonLosses, op)) return { status: 'failed', detail: `there is no loss ${op}` };
  const arrays = Object.fromEntries(Object.entries(inputs).map(([name, { shape, data }]) => [name, array(Float32Array.from(data, Number), { shape })]));
  const result = gluonLoss(op as GluonLossName, attrs)(arrays);
  const wanted = Object.keys(grads);
  const gradients = vjp([result], wanted.map((name) => arrays[name]!), [ones(result.shape)]);
  const found = [compareShape('output', result.shape, output.shape) ?? deviation('output', await result.data(), output.data, tolerance)];
  for (const [i, name] of wanted.entries()) found.push(deviation(`gradient of ${name}`, await gradients[i]!.data(), grads[name]!.data, tolerance));
  return verdict(found);
}

function compareShape(what: string, found: readonly number[], wanted: readonly number[]): string | undefined {
  return found.join() === wanted.join() ? undefined : `shape of ${what}: [${found}] instead of [${wanted}]`;
}
