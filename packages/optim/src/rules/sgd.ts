import { chain } from '../gradient-transform.js';
import { defineRule } from '../optimizer-rule.js';
import { addDecayedWeights } from '../transforms/add-decayed-weights.js';
import { clipUnlessZero } from '../transforms/clip.js';
import { rescale } from '../transforms/rescale.js';
import { scaleBySchedule } from '../transforms/scale-by-schedule.js';
import { trace } from '../transforms/trace.js';

/** m = μ·m − η(clip(r·g) + λ·w), w += m; without momentum m is the step alone (MXNet `sgd`). */
export const sgd = defineRule({
  defaults: { momentum: 0 },
  transform: ({ rescaleGradient, clipGradient, momentum }) =>
    chain(
      rescale(rescaleGradient),
      clipUnlessZero(clipGradient),
      addDecayedWeights(),
      scaleBySchedule(),
      ...(momentum === 0 ? [] : [trace(momentum)]),
    ),
});
