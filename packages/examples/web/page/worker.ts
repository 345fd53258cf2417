import { evaluationCounts } from '@lossworks/ndarray';
import { readMnist } from '@lossworks/data';
import type { Command, Report } from '../src/messages.js';
import { Trainer, type Snapshot } from '../src/trainer.js';
import { chooseEngine, type ChosenEngine } from './choose-engine.js';

/** Share of the time that may go into looking at the test digits instead of training. */
const viewShare = 0.25;

type Start = Extract<Command, { kind: 'start' }>;

/** The training behind the page: does what it is told, and tells what comes of it. */
class Session {
  readonly #start: Start;
  readonly #digits: Awaited<ReturnType<typeof readMnist>>;
  #engine: ChosenEngine;
  #trainer: Trainer;
  #running = false;
  #image: Uint8Array | null = null;
  #snapshot: Snapshot | undefined;
  #nextView = 0;
  /** What was asked for last: everything happens one after the other. */
  #turn: Promise<void> = Promise.resolve();

  private constructor(start: Start, digits: Awaited<ReturnType<typeof readMnist>>, engine: ChosenEngine) {
    this.#start = start;
    this.#digits = digits;
    this.#engine = engine;
    this.#trainer = this.#createTrainer();
  }

  static async create(start: Start): Promise<Session> {
    const digits = await readMnist((name) => fetchPacked(`${start.digits}${name}.bin`));
    tell({ kind: 'digits', images: digits.test.images.data, labels: digits.test.labels.data });
    const session = new Session(start, digits, await chooseEngine(start.device));
    session.#tellEngine();
    session.#serially(() => session.#look());
    return session;
  }

  handle(command: Exclude<Command, Start>): void {
    if (command.kind === 'run') this.#run(command.running);
    else if (command.kind === 'rates') this.#trainer.rates = command.rates;
    else if (command.kind === 'step') this.#serially(() => this.#step().then(() => this.#look()));
    else if (command.kind === 'startOver') this.#serially(() => this.#startOver());
    else {
      this.#image = command.image;
      this.#serially(() => this.#place());
    }
  }

  #run(running: boolean): void {
    if (running && !this.#running) this.#serially(() => this.#goOn());
    this.#running = running;
  }

  async #goOn(): Promise<void> {
    if (!this.#running) return;
    await this.#step();
    if (performance.now() >= this.#nextView) await this.#look();
    // Behind whatever was asked for meanwhile.
    await new Promise((resolve) => setTimeout(resolve));
    this.#serially(() => this.#goOn());
  }

  async #step(): Promise<void> {
    const start = performance.now();
    const report = await this.#trainer.step();
    tell({ kind: 'step', step: this.#trainer.steps, report, milliseconds: performance.now() - start, compilations: evaluationCounts().compilations });
  }

  async #look(): Promise<void> {
    const start = performance.now();
    const view = await this.#trainer.view();
    tell({ kind: 'view', step: this.#trainer.steps, view });
    await this.#place();
    // The processor keeps its arrays; those on a graphics card go with it.
    if (this.#engine.device === 'webgpu') this.#snapshot = await this.#trainer.snapshot();
    const end = performance.now();
    this.#nextView = end + (end - start) * (1 / viewShare - 1);
  }

  async #place(): Promise<void> {
    if (this.#image) tell({ kind: 'placed', placement: await this.#trainer.place(this.#image) });
  }

  async #startOver(): Promise<void> {
    this.#snapshot = undefined;
    const { rates } = this.#trainer;
    this.#trainer = this.#createTrainer();
    this.#trainer.rates = rates;
    await this.#look();
  }

  #createTrainer(): Trainer {
    return new Trainer(this.#digits, this.#start.rates, { batchSize: this.#start.batchSize, seed: 1 });
  }

  #serially(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((error: unknown) => this.#recover(error));
  }

  /** A graphics card that fails is given up for the processor, from the last look on. */
  async #recover(error: unknown): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    if (this.#engine.device !== 'webgpu') {
      this.#running = false;
      return tell({ kind: 'failed', message });
    }
    this.#engine = { ...(await chooseEngine('wasm')), note: message };
    this.#tellEngine();
    const { rates } = this.#trainer;
    this.#trainer = this.#createTrainer();
    this.#trainer.rates = rates;
    if (this.#snapshot) this.#trainer.restore(this.#snapshot);
    if (this.#running) this.#serially(() => this.#goOn());
    else this.#serially(() => this.#look());
  }

  #tellEngine(): void {
    tell({ kind: 'engine', name: this.#engine.name, note: this.#engine.note });
  }
}

function tell(report: Report): void {
  postMessage(report);
}

async function fetchPacked(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  if (!response.ok || !response.body) throw new Error(`the digits are not there: ${address} answers ${response.status}`);
  return new Uint8Array(await new Response(response.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}

let session: Promise<Session> | undefined;

addEventListener('message', ({ data: command }: MessageEvent<Command>) => {
  if (command.kind === 'start') {
    session = Session.create(command);
    session.catch((error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
  } else session?.then((started) => started.handle(command), () => undefined);
});
