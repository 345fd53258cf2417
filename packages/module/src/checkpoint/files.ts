/**
 * Where a checkpoint of this number lies: `run/lenet` and 7 give `run/lenet-0007.safetensors`.
 *
 * @throws RangeError for a number that is no whole number of at least 0.
 */
export function checkpointPath(prefix: string, number: number, extension = 'safetensors'): string {
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`checkpoint ${prefix}: number ${number} is no whole number of at least 0`);
  return `${prefix}-${String(number).padStart(4, '0')}.${extension}`;
}

/**
 * Writes a file as a whole or not at all: a temporary one beside it is written to the disk, then given the name. A file that was there before stays until
 * then.
 *
 * @throws Error naming the file where that is impossible.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const { mkdir, open, rename, rm } = builtin('node:fs/promises', `${path}: it cannot be written`);
  const { basename, dirname, join } = builtin('node:path', path);
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${temporaries++}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Error(`${path}: it cannot be written (${reason(cause)}); make the folder ${folder} writable, free space on its disk, or choose another prefix`, { cause });
  }
  // The new name itself has to reach the disk too. Not every system lets a folder be opened.
  await open(folder, 'r').then((handle) => handle.sync().finally(() => handle.close())).catch(() => undefined);
}

let temporaries = 0;

/** @throws Error naming the file where it is missing or cannot be read. */
export async function readWhole(path: string): Promise<Uint8Array> {
  const { readFile, readdir } = builtin('node:fs/promises', `${path}: it cannot be read`);
  const { basename, dirname, extname } = builtin('node:path', path);
  try {
    return await readFile(path);
  } catch (cause) {
    const siblings = await readdir(dirname(path)).catch(() => []);
    const start = basename(path).replace(/\d*\.[^.]*$/, '');
    const others = siblings.filter((name) => name.startsWith(start) && extname(name) === extname(path)).sort();
    const wayOut = others.length > 0 ? `there ${others.length === 1 ? 'is' : 'are'} ${others.slice(-5).join(', ')}` : `there is nothing named ${start}… in ${dirname(path)}: check prefix and number`;
    throw new Error(`${path}: it cannot be read (${reason(cause)}); ${wayOut}`, { cause });
  }
}

interface Builtins {
  'node:fs/promises': typeof import('node:fs/promises');
  'node:path': typeof import('node:path');
}

/** A module of Node's, without an import: bundlers for browsers stumble over one even where it is never reached. */
function builtin<Name extends keyof Builtins>(name: Name, problem: string): Builtins[Name] {
  const found = globalThis.process?.getBuiltinModule?.(name) as Builtins[Name] | undefined;
  if (!found) throw new Error(`${problem} (there is no file system here); use encodeCheckpoint and decodeCheckpoint and keep the bytes yourself`);
  return found;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message.split(', ')[0]! : String(cause);
}
