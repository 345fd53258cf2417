import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, parseOptions, runApplication, wholeNumberOption } from '@lossworks/example-kit';
import { preview } from 'vite';
import { isolation } from './isolation.js';

/** Serves the page that the build made, until the process ends. */
async function serve(args: readonly string[]): Promise<void> {
  const options = parseOptions<{ port: number }>(args, [wholeNumberOption('--port <n>', 'where to listen', 1).default(4173)], {
    command: 'pnpm example web',
    description: 'Serves a page in which a network learns MNIST with center loss.',
    write: (text) => process.stdout.write(text),
  });
  if (!options) return;
  const page = fileURLToPath(new URL('page', import.meta.url));
  if (!existsSync(page)) throw new InputError('the page is not built yet: pnpm build');
  try {
    const server = await preview({
      configFile: false, logLevel: 'warn', root: dirname(page), build: { outDir: 'page' }, preview: { port: options.port, strictPort: true, headers: isolation },
    });
    process.stdout.write(`The page is at ${server.resolvedUrls?.local[0]}\nCtrl-C ends it.\n`);
  } catch (error) {
    throw new InputError(`--port: cannot listen on ${options.port} (${(error as Error).message}); choose another one`, { cause: error });
  }
}

await runApplication(serve);
