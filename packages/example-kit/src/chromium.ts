/**
 * A browser for tests of pages that train.
 *
 * @module @lossworks/example-kit/chromium
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'];

/** How to get a Chromium where there is none: one sentence for a message. */
export const chromiumAdvice = 'install Chromium (Debian and Ubuntu: apt-get install -y chromium libvulkan1), or name one in LOSSWORKS_CHROMIUM';

/** Command line arguments that keep a browser that only tests use from talking to anybody. */
export const chromiumArguments: readonly string[] = [
  '--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/**
 * The path of a Chromium or Chrome of this machine, `LOSSWORKS_CHROMIUM` first; undefined where there is none. On a build server that may install
 * packages (`CI=true`, root, apt-get) it is installed.
 */
export function findChromium(): string | undefined {
  const found = installedChromium();
  if (found !== undefined || process.env['CI'] !== 'true' || process.getuid?.() !== 0) return found;
  const options = { stdio: 'ignore' } as const;
  if (spawnSync('apt-get', ['update'], options).status === 0) spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'libvulkan1'], options);
  return installedChromium();
}

function installedChromium(): string | undefined {
  const named = process.env['LOSSWORKS_CHROMIUM'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = named ? [named] : [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...places];
  return candidates.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
