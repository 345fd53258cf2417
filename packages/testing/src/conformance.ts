import { useEngine } from '@lossworks/ndarray';
import { parseArgs } from 'node:util';
import { report } from './conformance/report.js';
import { runFolder } from './conformance/runner.js';
import { createReferenceEngine } from './reference/reference-engine.js';

// `conformance FOLDER [--engine NAME]`: runs recorded cases; exits with 1 unless all that were run passed.
try {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { engine: { type: 'string' } } });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('give the folder that holds recorded cases: conformance FOLDER [--engine NAME]');
  const engine = values.engine ?? process.env['LOSSWORKS_ENGINE'];
  if (engine) await useEngine(engine === 'reference' ? createReferenceEngine() : engine);
  const results = await runFolder(folder);
  for (const line of report(results)) console.log(line);
  if (results.some(({ result }) => result.status === 'failed')) process.exitCode = 1;
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
