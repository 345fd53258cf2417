import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '../terminal/input-error.js';

/** The folder that results go to. Files appear there whole or not at all. */
export class OutputFolder {
  /** The folder, absolute. */
  readonly path: string;
  readonly #written = new Set<string>();

  /**
   * Makes the folder, with those above it, where there is none.
   *
   * @throws InputError where the folder cannot be made or written to.
   */
  constructor(path: string) {
    this.path = resolve(path);
    const probe = this.file(`.writable-${process.pid}`);
    try {
      mkdirSync(this.path, { recursive: true });
      writeFileSync(probe, '');
      rmSync(probe);
    } catch (error) {
      throw new InputError(`--out: cannot write to ${this.path} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}); choose another folder`);
    }
  }

  /** The path of a file in the folder. */
  file(name: string): string {
    return join(this.path, name);
  }

  /**
   * Writes a file, whole or not at all; one of that name is replaced.
   *
   * @throws InputError where it cannot be written.
   */
  write(name: string, contents: string | Uint8Array): void {
    const unfinished = this.file(`.${name}.${process.pid}.tmp`);
    try {
      writeFileSync(unfinished, contents);
      renameSync(unfinished, this.file(name));
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw new InputError(`--out: cannot write ${this.file(name)} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}); free space there, or choose another folder`);
    }
    this.#written.add(name);
  }

  /** Names of the files written so far. */
  get written(): readonly string[] {
    return [...this.#written];
  }
}
