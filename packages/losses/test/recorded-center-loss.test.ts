import { readFileSync } from 'node:fs';
import { variable, type Symbol } from '@lossworks/graph';
import { array, type NDArray } from '@lossworks/ndarray';
import { difference } from '@lossworks/testing';
import { describe, expect, test } from 'vitest';
import { centerLoss, makeLoss } from '../src/index.js';
import { bindTo, numbers } from './run-symbol.js';

interface Recorded {
  readonly shape: number[];
  readonly data: number[];
}

interface CenterCase {
  readonly name: string;
  readonly kind: string;
  readonly op: string;
  readonly attrs: { readonly num_class: number; readonly alpha: number; readonly scale: number; readonly div_batch: number };
  readonly inputs: { readonly data: Recorded; readonly label: Recorded };
  readonly aux_before: { readonly op_center_bias: Recorded };
  readonly outputs?: readonly Recorded[];
  readonly grads?: { readonly data: Recorded };
  readonly aux_after?: { readonly op_center_bias: Recorded };
  readonly steps?: readonly { readonly output: Recorded; readonly grad: Recorded; readonly center: Recorded }[];
}

const file = new URL('../../testing/oracle/customop.json', import.meta.url);
const cases = (JSON.parse(readFileSync(file, 'utf8')) as { cases: CenterCase[] }).cases.filter(({ op }) => op === 'centerloss');

const build = ({ attrs: { num_class: numClass, alpha, scale, div_batch } }: CenterCase): Symbol =>
  makeLoss({ data: centerLoss({ data: variable('data'), label: variable('label'), numClass, alpha, scale, normalization: div_batch ? 'batch' : 'null', name: 'op' }) });

/** What a step recorded, one case a step. */
function stepsOf({ outputs, grads, aux_after, steps }: CenterCase): NonNullable<CenterCase['steps']> {
  return steps ?? [{ output: outputs![0]!, grad: grads!.data, center: aux_after!.op_center_bias }];
}

describe('centerLoss does what the custom operator did in MXNet 1.9.1', () => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))('%s', async (_, recorded) => {
    const { data, label } = recorded.inputs;
    const executor = bindTo(build(recorded), { data, label }, { op_center: recorded.aux_before.op_center_bias });
    for (const [i, { output, grad, center }] of stepsOf(recorded).entries()) {
      await executor.forward({ isTrain: true });
      await executor.backward();
      expect(difference(`step ${i}: loss`, await numbers(executor.outputs[0]!), output.data)).toBeUndefined();
      expect(difference(`step ${i}: gradient`, await numbers(executor.gradDict['data']!), grad.data)).toBeUndefined();
      expect(difference(`step ${i}: centers`, await numbers(executor.auxDict['op_center']!), center.data)).toBeUndefined();
    }
  });
});

const readings: { readonly [what: string]: (arrays: readonly NDArray[]) => Promise<unknown> } = {
  nothing: async () => undefined,
  'the loss': ([loss]) => loss!.data(),
  'the centers': ([, center]) => center!.data(),
};

test.each(Object.entries(readings))('reading %s between forward and backward changes nothing', async (_, reading) => {
  const recorded = cases[0]!;
  const { data, label } = recorded.inputs;
  const executor = bindTo(build(recorded), { data, label }, { op_center: recorded.aux_before.op_center_bias });
  await executor.forward({ isTrain: true, feeds: { data: array(data.data, { shape: data.shape }) } });
  await reading([executor.outputs[0]!, executor.auxDict['op_center']!]);
  await executor.backward();
  const [step] = stepsOf(recorded);
  expect(difference('gradient', await numbers(executor.gradDict['data']!), step!.grad.data)).toBeUndefined();
  expect(difference('centers', await numbers(executor.auxDict['op_center']!), step!.center.data)).toBeUndefined();
});
