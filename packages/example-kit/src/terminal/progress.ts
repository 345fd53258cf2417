import { Presets, SingleBar } from 'cli-progress';

/** Where progress is written; `isTTY` decides between a live bar and plain lines. */
export interface Terminal {
  /** Whether lines can be taken back: a terminal, no file and no pipe. */
  readonly isTTY?: boolean | undefined;
  /** Writes text as it is, line ends included. */
  write(text: string): unknown;
}

/** Progress of something that has steps: a live bar in a terminal, whole lines elsewhere. */
export interface Progress {
  /** A new run of steps, such as an epoch. */
  start(title: string, steps: number): void;
  /** How far it is, and a few words on how it goes. */
  update(step: number, details: string): void;
  /** Ends the run and leaves one line in its place. */
  finish(line: string): void;
  /** Takes an unfinished bar away, so that an error stands on a line of its own. */
  abandon(): void;
}

/** A live bar in a terminal; lines, four a run, in a file or a pipe. */
export function createProgress(terminal: Terminal & NodeJS.WritableStream): Progress {
  return terminal.isTTY ? new LiveProgress(terminal) : new PlainProgress(terminal);
}

class LiveProgress implements Progress {
  readonly #terminal: NodeJS.WritableStream;
  #bar: SingleBar | undefined;

  constructor(terminal: NodeJS.WritableStream) {
    this.#terminal = terminal;
  }

  start(title: string, steps: number): void {
    this.#bar = new SingleBar(
      { stream: this.#terminal, format: '{title} {bar} {percentage} %  {details}', barsize: 24, clearOnComplete: true, hideCursor: true, gracefulExit: true, fps: 10 },
      Presets.shades_classic,
    );
    this.#bar.start(steps, 0, { title, details: '' });
  }

  update(step: number, details: string): void {
    this.#bar?.update(step, { details });
  }

  finish(line: string): void {
    this.abandon();
    this.#terminal.write(`${line}\n`);
  }

  abandon(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

const linesPerRun = 4;

class PlainProgress implements Progress {
  readonly #terminal: Terminal;
  #title = '';
  #steps = 0;
  #written = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  start(title: string, steps: number): void {
    [this.#title, this.#steps, this.#written] = [title, steps, 0];
  }

  update(step: number, details: string): void {
    const due = Math.floor((step / this.#steps) * linesPerRun);
    if (due <= this.#written || step >= this.#steps) return;
    this.#written = due;
    this.#terminal.write(`${this.#title}  step ${step} of ${this.#steps}  ${details}\n`);
  }

  finish(line: string): void {
    this.#terminal.write(`${line}\n`);
  }

  abandon(): void {
    // Lines stay.
  }
}
