// Hands what it is asked on to a worker, which may block where a page may not.
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

const answer = (): Promise<unknown> =>
  new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });

const { searchParams } = new URL(location.href);
const ready = answer();
worker.postMessage({ batch: Number(searchParams.get('batch')), threads: Number(searchParams.get('threads')) });

/** For the process that drives the page: runs steps and gives a report. */
Object.assign(globalThis, {
  run: async (steps: number): Promise<unknown> => {
    await ready;
    const report = answer();
    worker.postMessage({ steps });
    return report;
  },
});
