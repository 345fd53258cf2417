import { existsSync, readFileSync } from 'node:fs';
import { InputError, type OutputFolder } from '@lossworks/example-kit';
import type { Options } from './options.js';

/** What one epoch of a training came to. Losses are means over digits, accuracies shares of 1. */
export interface EpochRecord {
  readonly train: Measures;
  readonly test: Measures;
  /** Within-class against between-class spread of the test digits. */
  readonly spread: number;
  /** Of the training alone: no test, no picture, no checkpoint. */
  readonly trainSeconds: number;
  readonly samples: number;
}

export interface Measures {
  readonly crossEntropy: number;
  readonly accuracy: number;
  /** Absent where the network has no center loss. */
  readonly centerLoss?: number;
}

export const runNames = ['softmax-only', 'center-loss'] as const;

export type RunName = (typeof runNames)[number];

export const runTitles: { readonly [R in RunName]: string } = { 'softmax-only': 'softmax only', 'center-loss': 'with center loss' };

export type EpochsOfRun = { [R in RunName]: readonly EpochRecord[] };

/** What trainings have to have in common for one to continue the other. */
const decisive = ['seed', 'lambda', 'alpha', 'batchSize', 'loss', 'trainLimit'] as const satisfies readonly (keyof Options)[];

const fileName = 'history.json';

/** The epochs of both trainings so far. They are kept in a file beside the checkpoints, so that a resumed run draws all of its curves. */
export class History {
  readonly epochs: EpochsOfRun = { 'softmax-only': [], 'center-loss': [] };
  readonly #folder: OutputFolder;
  readonly #options: Options;

  constructor(folder: OutputFolder, options: Options) {
    this.#folder = folder;
    this.#options = options;
    if (options.resume) this.#read();
  }

  add(name: RunName, epoch: EpochRecord): void {
    this.epochs[name] = [...this.epochs[name], epoch];
    const settings = Object.fromEntries(decisive.map((option) => [option, this.#options[option] ?? null]));
    this.#folder.write(fileName, `${JSON.stringify({ settings, epochs: this.epochs }, null, 2)}\n`);
  }

  /** Forgets the epochs after the one that a checkpoint is of. */
  truncate(name: RunName, epochs: number): void {
    this.epochs[name] = this.epochs[name].slice(0, epochs);
  }

  #read(): void {
    const path = this.#folder.file(fileName);
    if (!existsSync(path)) throw new InputError(`--resume: there is no earlier training in ${this.#folder.path}; run without --resume, or name its folder with --out`);
    let contents: { settings: Record<string, unknown>; epochs: EpochsOfRun };
    try {
      contents = JSON.parse(readFileSync(path, 'utf8'));
      if (!runNames.every((name) => Array.isArray(contents.epochs[name]))) throw new Error('a training is missing');
    } catch (error) {
      throw new InputError(`--resume: ${path} is damaged (${(error as Error).message}); run without --resume`);
    }
    const different = decisive.filter((option) => (contents.settings?.[option] ?? null) !== (this.#options[option] ?? null));
    if (different.length > 0) {
      const list = different.map((option) => `--${hyphenated(option)} ${contents.settings?.[option] ?? 'unset'}, not ${this.#options[option] ?? 'unset'}`);
      throw new InputError(`--resume: the training in ${this.#folder.path} was begun with ${list.join('; ')}; give the same options, or run without --resume`);
    }
    Object.assign(this.epochs, contents.epochs);
  }
}

function hyphenated(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
