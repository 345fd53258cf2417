import { fileURLToPath } from 'node:url';
import { useEngine } from '@lossworks/ndarray';
import { readCases, runCase } from '../conformance/runner.js';
import type { EngineCheck } from './engine-check.js';

/** Files of cases that an engine computes; the others never ask for one, or much longer. */
const files = ['operators.json', 'losses.json', 'customop.json', 'gluon.json', 'optim.json'];

/** What MXNet computed: operators, output layers and losses, custom operators, optimizers. */
export async function recordedChecks(): Promise<EngineCheck[]> {
  const folder = fileURLToPath(new URL('../../oracle', import.meta.url));
  const lists = await Promise.all(files.map(async (file) => {
    const cases = await readCases(folder, file);
    return cases.map((recorded, i): EngineCheck => ({
      name: `${file}: ${recorded.name} (${i})`,
      run: async (engine) => {
        await useEngine(engine);
        const result = await runCase(recorded, cases);
        return result.status === 'failed' ? result.detail : undefined;
      },
    }));
  }));
  return lists.flat();
}
