import { evaluationCounts } from '@lossworks/ndarray';
import type { Report } from './peer.js';

/** Runs a training for as many steps as asked, `together` a call, and tells how long each took: in a process or in a page. */
export async function reportSteps(step: () => Promise<number>, count: number, together = 1): Promise<Report> {
  const times: number[] = [];
  let loss = 0;
  const before = evaluationCounts();
  for (let i = 0; i < count; i += together) {
    const start = performance.now();
    loss = await step();
    times.push((performance.now() - start) / together);
  }
  const after = evaluationCounts();
  const outside = (times.reduce((sum, time) => sum + time, 0) - (after.engineMilliseconds - before.engineMilliseconds) / together) / times.length;
  return { times, loss, outside, compilations: after.compilations };
}
