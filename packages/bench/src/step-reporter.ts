import { evaluationCounts } from '@lossworks/ndarray';
import type { Report } from './peer.js';

/** Runs a step as often as asked and tells how long each took: in a process or in a page. */
export async function reportSteps(step: () => Promise<number>, count: number): Promise<Report> {
  const times: number[] = [];
  let loss = 0;
  const before = evaluationCounts();
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    loss = await step();
    times.push(performance.now() - start);
  }
  const after = evaluationCounts();
  const outside = (times.reduce((sum, time) => sum + time, 0) - (after.engineMilliseconds - before.engineMilliseconds)) / times.length;
  return { times, loss, outside, compilations: after.compilations };
}
