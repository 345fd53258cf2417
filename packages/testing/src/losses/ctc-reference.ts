import { softmaxOf } from './row-references.js';
import type { LossReference } from './loss-sample.js';

/** CTC by trying every alignment of every sequence: for a few steps and classes only. */
export const ctcReference: LossReference = ({ data, label, dataLengths, labelLengths }, { blankLabel = 'first', layout = 'TNC' }) => {
  const [first, second, classes] = data!.shape as [number, number, number];
  const [steps, batch] = layout === 'TNC' ? [first, second] : [second, first];
  const blank = blankLabel === 'first' ? 0 : classes - 1;
  const padding = blankLabel === 'first' ? 0 : -1;
  const places = label!.shape[1]!;
  return Array.from({ length: batch }, (_, sample) => {
    const row = label!.data.slice(sample * places, (sample + 1) * places);
    const end = row.indexOf(padding);
    const wanted = row.slice(0, labelLengths?.data[sample] ?? (end < 0 ? places : end)).join();
    const length = dataLengths?.data[sample] ?? steps;
    const probabilities = Array.from({ length }, (__, step) => {
      const start = (layout === 'TNC' ? step * batch + sample : sample * steps + step) * classes;
      return softmaxOf(data!.data.slice(start, start + classes));
    });
    let likelihood = 0;
    for (let code = 0; code < classes ** length; code++) {
      const path = Array.from({ length }, (__, step) => Math.floor(code / classes ** step) % classes);
      const spelled = path.filter((k, step) => k !== blank && k !== path[step - 1]).join();
      if (spelled === wanted) likelihood += path.reduce((product, k, step) => product * probabilities[step]![k]!, 1);
    }
    return -Math.log(likelihood);
  });
};
