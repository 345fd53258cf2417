import type { Engine, Primitive } from '@lossworks/ndarray';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tolerance } from '../compare.js';
import { engineStartMilliseconds } from '../start-engine.js';
import { bufferChecks } from './buffer-checks.js';
import type { EngineCheck, Widen } from './engine-check.js';
import { gradientChecks, primitiveChecks } from './primitive-checks.js';
import { expressionChecks, lossChecks, programChecks } from './program-checks.js';
import { recordedChecks } from './recorded-checks.js';

export interface EngineExpectations {
  /** How many times as far from the reference as two float32 computations may be. */
  readonly toleranceFactor?: number;
  /** Primitives whose results the platform's own rules allow further from the reference, in their samples and gradients. */
  readonly tolerances?: { readonly [P in Primitive]?: Tolerance };
  /** Checks that the engine fails, `group: name`, and why. One that it passes makes the test fail: take it out. */
  readonly skips?: { readonly [check: string]: string };
}

/** What a busy machine may take for one check. */
const checkMilliseconds = 60_000;

const groups: { readonly [group: string]: readonly EngineCheck[] } = {
  buffers: bufferChecks(),
  primitives: primitiveChecks(),
  gradients: gradientChecks(),
  programs: programChecks(),
  expressions: expressionChecks(),
  losses: lossChecks(),
  recorded: await recordedChecks(),
};

/** Holds an engine to everything an engine must do. Every engine is one call of this. */
export function testEngine(name: string, start: () => Promise<Engine>, { toleranceFactor = 1, tolerances = {}, skips = {} }: EngineExpectations = {}): void {
  const widen: Widen = ({ relative, absolute }, primitive) =>
    (primitive && tolerances[primitive]) ?? { relative: relative * toleranceFactor, absolute: absolute * toleranceFactor };
  describe(`the engine ${name}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await start();
    }, engineStartMilliseconds);

    describe.each(Object.entries(groups))('%s', (group, checks) => {
      it.each(checks.map((check) => [check.name, check] as const))('%s', async (_, check) => {
        const skipped = skips[`${group}: ${check.name}`];
        const found = await check.run(engine, widen).catch((error: unknown) => String(error));
        if (skipped === undefined) expect(found).toBeUndefined();
        else expect(found, `${skipped}: it passes now, so it is no skip any more`).toBeTypeOf('string');
      }, checkMilliseconds);
    });

    it('skips nothing that is not a check', () => {
      const names = Object.entries(groups).flatMap(([group, checks]) => checks.map((check) => `${group}: ${check.name}`));
      expect(Object.keys(skips).filter((skip) => !names.includes(skip))).toEqual([]);
    });
  });
}
