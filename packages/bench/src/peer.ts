import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RunProfile } from '@lossworks/ndarray';

/** What a contender answers after some steps. */
export interface Report {
  /** Milliseconds of each step. */
  readonly times: readonly number[];
  readonly loss: number;
  /** Milliseconds of each step's update alone, where a peer can tell. */
  readonly updates?: readonly number[] | null;
  /** Milliseconds of the same step without its update, beside each, where a peer has one. */
  readonly without?: readonly number[] | null;
  /** Mean milliseconds a step spent outside the engine: recording, looking up, feeding, reading. Ours alone tell it. */
  readonly outside?: number;
  readonly compilations?: number;
  readonly residentMegabytes?: number;
  /** Where the engine's time goes, where it was asked for. */
  readonly profile?: RunProfile;
}

/** A process that runs steps when asked, so that contenders can take turns. */
export class Peer {
  readonly #lines: AsyncIterator<string>;
  readonly #errors: string[] = [];

  private constructor(private readonly child: ChildProcessWithoutNullStreams) {
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.on('data', (chunk: Buffer) => this.#errors.push(chunk.toString()));
  }

  /** Starts a command; the name it gives itself, or why it cannot run. */
  static async start(command: string, args: readonly string[]): Promise<{ peer: Peer; name: string } | { missing: string }> {
    const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    const failed = new Promise<string>((resolve) => child.on('error', (error) => resolve(error.message)));
    child.stdin.on('error', () => undefined);
    const peer = new Peer(child);
    const first = await Promise.race([peer.#next(), failed.then((message) => ({ missing: message }))]);
    return 'ready' in first ? { peer, name: String(first['ready']) } : { missing: 'missing' in first ? String(first['missing']) : 'it does not answer' };
  }

  /** @param request how many steps to run, or a line that says more. */
  async run(request: number | string): Promise<Report> {
    this.child.stdin.write(`${request}\n`);
    const answer = await this.#next();
    if (!('times' in answer)) throw new Error(String(answer['missing']));
    return answer as unknown as Report;
  }

  stop(): void {
    this.child.kill();
  }

  /** The line of the error output that says why: a traceback's last, a JavaScript stack's first. */
  #reason(): string {
    const lines = this.#errors.join('').trim().split('\n');
    return lines.find((line) => /^\w*Error/.test(line)) ?? lines.at(-1) ?? '';
  }

  async #next(): Promise<Record<string, unknown>> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) return { missing: this.#reason() };
      // Libraries print notices of their own.
      if ((value as string).startsWith('{')) return JSON.parse(value as string) as Record<string, unknown>;
    }
  }
}
