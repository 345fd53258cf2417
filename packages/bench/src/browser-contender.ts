import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumAdvice, chromiumArguments, findChromium } from '@lossworks/example-kit/chromium';

// Started as `node browser-contender.js BATCH THREADS`: the step in a page of headless Chromium, asked like every other contender.
const [batch = '128', threads = '2'] = process.argv.slice(2);

/** Only a page with these may have threads that share memory. */
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

async function contend(executablePath: string, folder: string): Promise<void> {
  const [{ build, preview, defaultClientConditions }, { chromium }] = await Promise.all([import('vite'), import('playwright-core')]);
  await build({
    configFile: false, logLevel: 'error', root: fileURLToPath(new URL('../browser', import.meta.url)), base: './', worker: { format: 'es' },
    resolve: { conditions: ['source', ...defaultClientConditions] }, build: { outDir: join(folder, 'page'), emptyOutDir: true, target: 'es2022' },
  });
  const server = await preview({ configFile: false, logLevel: 'error', root: folder, build: { outDir: 'page' }, preview: { headers } });
  const browser = await chromium.launch({ executablePath, args: [...chromiumArguments] });
  try {
    const page = await browser.newPage();
    await page.goto(`${server.resolvedUrls!.local[0]!}?batch=${batch}&threads=${threads}`);
    await page.waitForFunction(() => 'run' in globalThis);
    console.log(JSON.stringify({ ready: `onnx-web (a page in Chromium ${browser.version()})` }));
    for await (const line of createInterface({ input: process.stdin })) {
      console.log(JSON.stringify(await page.evaluate((steps) => (globalThis as unknown as { run(steps: number): Promise<unknown> }).run(steps), Number(line))));
    }
  } finally {
    await browser.close();
    await server.close();
  }
}

const executablePath = findChromium();
if (executablePath === undefined) console.log(JSON.stringify({ missing: `no browser; ${chromiumAdvice}` }));
else await contend(executablePath, fileURLToPath(new URL('../node_modules/.cache/browser', import.meta.url)));
