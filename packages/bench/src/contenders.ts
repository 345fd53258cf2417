import type { BenchOptions } from './main.js';
import { Peer, type Report } from './peer.js';
import { mean, median } from './statistics.js';

/** Something that runs the steps, started as a process of its own. */
export interface Command {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** A command that started. */
export interface Contender<R extends Report = Report> {
  readonly name: string;
  readonly peer: Peer;
  /** Mean milliseconds a step of each round, however many steps are one run: what steps a second come of. */
  readonly rounds: number[];
  last?: R;
}

/** Times steps of those that start. They take turns, so that a noisy machine is noisy for all. */
export async function takeTurns<R extends Report>(
  commands: readonly Command[], { rounds, steps }: Pick<BenchOptions, 'rounds' | 'steps'>, warmUp: (contender: Contender<R>) => Promise<void>,
): Promise<Contender<R>[]> {
  const contenders: Contender<R>[] = [];
  try {
    for (const { name, command, args } of commands) {
      const started = await Peer.start(command, args);
      if ('missing' in started) console.log(`${name}: left out (${started.missing})`);
      else {
        console.log(`${name}: ${started.name}`);
        contenders.push({ name, peer: started.peer, rounds: [] });
      }
    }
    for (const contender of contenders) await warmUp(contender);
    for (let round = 0; round < rounds; round++) {
      for (const contender of contenders) {
        contender.last = (await contender.peer.run(steps)) as R;
        contender.rounds.push(mean(contender.last.times));
      }
    }
  } finally {
    for (const { peer } of contenders) peer.stop();
  }
  return contenders;
}

/** How many times as fast as PyTorch eager in the same round, median; null without PyTorch. */
export function ratioToPyTorch({ rounds }: Contender, contenders: readonly Contender[]): number | null {
  const torch = contenders.find(({ name }) => name === 'pytorch');
  return torch ? median(rounds.map((time, i) => torch.rounds[i]! / time)) : null;
}
