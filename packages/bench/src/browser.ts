import { fileURLToPath } from 'node:url';
import { contest } from './contest.js';
import type { BenchOptions } from './main.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Times the same training step in Node, natively, and in a page of headless Chromium. */
export async function benchBrowser(options: BenchOptions): Promise<void> {
  const sizes = [String(options.batch), String(options.threads)];
  const [node, page] = await contest(`Training step in Node and in a page, batch ${options.batch}`, [
    { name: 'onnx', command: process.execPath, args: [file('./contender.js'), 'step', 'onnx', ...sizes] },
    { name: 'browser', command: process.execPath, args: [file('./browser-contender.js'), ...sizes] },
  ], options);
  if (node && page) console.log(`\nThe page takes ${(page.medianMs / node.medianMs).toFixed(2)} times as long.`);
}
