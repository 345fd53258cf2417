import { existsSync, readFileSync } from 'node:fs';
import { InputError, type OutputFolder } from '@lossworks/example-kit';
import type { BoxLoss } from './network.js';
import type { Options } from './options.js';

/** What one epoch of a training came to. */
export interface EpochRecord {
  /** Of regions: share of right classes, mean −log p, box loss by foreground region. */
  readonly accuracy: number;
  readonly logLoss: number;
  readonly boxLoss: number;
  /** Mean average precision on the validation scenes, at overlaps of 0.5 and 0.75. */
  readonly mAP50: number;
  readonly mAP75: number;
  /** Of the training alone: no test, no picture, no checkpoint. */
  readonly trainSeconds: number;
  readonly images: number;
}

/** What trainings have to have in common for one to continue the other. */
const decisive = ['seed', 'scenes'] as const satisfies readonly (keyof Options)[];

const fileName = 'history.json';

/** The epochs of every training so far, by its box loss; kept in a file beside the checkpoints, so that a resumed run draws all of its curves. */
export class History {
  readonly #folder: OutputFolder;
  readonly #options: Options;
  #epochs: { readonly [L in BoxLoss]?: readonly EpochRecord[] } = {};

  /** @throws InputError where there is nothing to resume, or a training with other settings. */
  constructor(folder: OutputFolder, options: Options) {
    [this.#folder, this.#options] = [folder, options];
    if (options.resume) this.#epochs = this.#read();
  }

  of(run: BoxLoss): readonly EpochRecord[] {
    return this.#epochs[run] ?? [];
  }

  add(run: BoxLoss, epoch: EpochRecord): void {
    this.#epochs = { ...this.#epochs, [run]: [...this.of(run), epoch] };
    const settings = Object.fromEntries(decisive.map((option) => [option, this.#options[option]]));
    this.#folder.write(fileName, `${JSON.stringify({ settings, epochs: this.#epochs }, null, 2)}\n`);
  }

  /** Forgets the epochs after the one that a checkpoint is of. */
  truncate(run: BoxLoss, epochs: number): void {
    this.#epochs = { ...this.#epochs, [run]: this.of(run).slice(0, epochs) };
  }

  #read() {
    const path = this.#folder.file(fileName);
    if (!existsSync(path)) throw new InputError(`--resume: there is no earlier training in ${this.#folder.path}; run without --resume, or name its folder with --out`);
    try {
      const { settings, epochs } = JSON.parse(readFileSync(path, 'utf8')) as { settings: Record<string, unknown>; epochs: { [L in BoxLoss]?: EpochRecord[] } };
      const different = decisive.filter((option) => settings[option] !== this.#options[option]);
      if (different.length > 0) {
        const list = different.map((option) => `--${option} ${String(settings[option])}, not ${this.#options[option]}`);
        throw new InputError(`--resume: the training in ${this.#folder.path} was begun with ${list.join('; ')}; give the same options, or run without --resume`);
      }
      return epochs;
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new InputError(`--resume: ${path} is damaged (${(error as Error).message}); run without --resume`);
    }
  }
}
