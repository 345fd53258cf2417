import { InputError } from './input-error.js';

/**
 * Runs an application with the arguments of this process. An `InputError` becomes one line on stderr and exit code 2; anything else is a fault of
 * ours and keeps its stack.
 */
export async function runApplication(main: (args: readonly string[]) => Promise<unknown>): Promise<void> {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
