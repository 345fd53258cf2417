import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Resident megabytes of this process after a collection. */
export async function residentMegabytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Finalizers of native memory run between turns of the event loop.
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().rss / 2 ** 20;
}
