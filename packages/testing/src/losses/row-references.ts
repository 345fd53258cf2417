import { rowsOf, total, type LossInput, type LossOptions, type LossReference } from './loss-sample.js';

const number = (options: LossOptions, name: string, fallback: number): number => Number(options[name] ?? fallback);
const dot = (a: readonly number[], b: readonly number[]): number => total(a.map((value, i) => value * b[i]!));
const squared = (a: readonly number[], b: readonly number[]): number => total(a.map((value, i) => (value - b[i]!) ** 2));
const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));

export function softmaxOf(scores: readonly number[]): number[] {
  const powers = scores.map((score) => Math.exp(score));
  return powers.map((power) => power / total(powers));
}

/** Score vectors along the second axis of (batch, classes, positions), one a sample and position. */
function alongSecondAxis({ shape, data }: LossInput): number[][] {
  const [batch, classes] = shape as [number, number];
  const positions = data.length / (batch * classes);
  return Array.from({ length: batch * positions }, (_, i) => {
    const [sample, position] = [Math.floor(i / positions), i % positions];
    return Array.from({ length: classes }, (__, k) => data[(sample * classes + k) * positions + position]!);
  });
}

const softmaxCrossEntropy: LossReference = ({ data, label, classWeight }, options) => {
  const vectors = (input: LossInput): number[][] => (options['axis'] === 1 ? alongSecondAxis(input) : Array.from({ length: input.data.length / input.shape.at(-1)! }, (_, i) => input.data.slice(i * input.shape.at(-1)!, (i + 1) * input.shape.at(-1)!)));
  const smoothing = number(options, 'smoothing', 0);
  const probabilities = options['sparseLabel'] === false ? vectors(label!) : undefined;
  return vectors(data!).map((scores, row) => {
    const logs = options['fromLogits'] ? scores : softmaxOf(scores).map(Math.log);
    const target = probabilities?.[row] ?? logs.map((_, k) => Number(k === label!.data[row]));
    if (options['useIgnore'] && label!.data[row] === number(options, 'ignoreLabel', -1)) return 0;
    return -total(logs.map((log, k) => {
      const weights = classWeight?.data ?? [];
      // With indices the loss of the label is weighed by the label's weight, the smoothing of each class by its own.
      const smooth = (1 - smoothing) * target[k]! + smoothing / logs.length;
      return (weights[k] ?? 1) * smooth * log;
    }));
  });
};

export const rowReferences = {
  softmaxCrossEntropyLoss: softmaxCrossEntropy,
  klDivergenceLoss: ({ data, label }, options) => rowsOf(data!).map((row, i) => {
    const logs = options['fromLogits'] === false ? softmaxOf(row).map(Math.log) : row;
    return total(rowsOf(label!)[i]!.map((y, k) => y * (Math.log(y) - logs[k]!)));
  }),
  multiMarginLoss: ({ data, label, classWeight }, options) => rowsOf(data!).map((row, i) => {
    const truth = label!.data[i]!;
    const terms = row.map((score, k) => (k === truth ? 0 : Math.max(0, number(options, 'margin', 1) - row[truth]! + score) ** number(options, 'power', 1)));
    return ((classWeight?.data[truth] ?? 1) * total(terms)) / row.length;
  }),
  cosineEmbeddingLoss: ({ data1, data2, label }, options) => rowsOf(data1!).map((a, i) => {
    const similarity = cosine(a, rowsOf(data2!)[i]!);
    const kind = label!.data[i]!;
    return kind === 1 ? 1 - similarity : kind === -1 ? Math.max(0, similarity - number(options, 'margin', 0)) : 0;
  }),
  contrastiveLoss: ({ data1, data2, label }, options) => rowsOf(data1!).map((a, i) => {
    const distance = Math.sqrt(squared(a, rowsOf(data2!)[i]!));
    return (label!.data[i] === 1 ? distance ** 2 : Math.max(0, number(options, 'margin', 1) - distance) ** 2) / 2;
  }),
  tripletLoss: ({ data, positive, negative }, options) => rowsOf(data!).map((x, i) => {
    const distance = (other: readonly number[]): number => (options['distance'] === 'euclidean' ? Math.sqrt(total(x.map((value, k) => (value - other[k]! + 1e-6) ** 2))) : squared(x, other));
    return Math.max(0, distance(rowsOf(positive!)[i]!) - distance(rowsOf(negative!)[i]!) + number(options, 'margin', 1));
  }),
  sdmlLoss: ({ data1, data2 }, options) => {
    const smoothing = number(options, 'smoothingParameter', 0.3);
    const [first, second] = [rowsOf(data1!), rowsOf(data2!)];
    return first.map((a, i) => total(softmaxOf(second.map((b) => -squared(a, b))).map((p, j) => {
      const y = i === j ? 1 - smoothing : smoothing / (first.length - 1);
      return y * (Math.log(y) - Math.log(p));
    })));
  },
  ntXentLoss: ({ data1, data2 }, options) => {
    const views = [...rowsOf(data1!), ...rowsOf(data2!)];
    const tau = number(options, 'temperature', 0.1);
    const n = views.length / 2;
    return views.map((a, i) => {
      const other = (i + n) % (2 * n);
      const rest = total(views.map((b, k) => (k === i ? 0 : Math.exp(cosine(a, b) / tau))));
      return -Math.log(Math.exp(cosine(a, views[other]!) / tau) / rest);
    });
  },
  supervisedContrastiveLoss: ({ data, label }, options) => {
    const rows = rowsOf(data!);
    const tau = number(options, 'temperature', 0.1);
    return rows.map((a, i) => {
      const positives = rows.flatMap((_, k) => (k !== i && label!.data[k] === label!.data[i] ? [k] : []));
      const rest = total(rows.map((b, k) => (k === i ? 0 : Math.exp(cosine(a, b) / tau))));
      return positives.length === 0 ? 0 : -total(positives.map((p) => Math.log(Math.exp(cosine(a, rows[p]!) / tau) / rest))) / positives.length;
    });
  },
  diceLoss: ({ data, label }, options) => rowsOf(data!).map((row, i) => {
    const smooth = number(options, 'smooth', 1);
    const target = rowsOf(label!)[i]!;
    return 1 - (2 * dot(row, target) + smooth) / (total(row) + total(target) + smooth);
  }),
  tverskyLoss: ({ data, label }, options) => rowsOf(data!).map((row, i) => {
    const [smooth, alpha, beta] = [number(options, 'smooth', 1), number(options, 'alpha', 0.5), number(options, 'beta', 0.5)];
    const target = rowsOf(label!)[i]!;
    const both = dot(row, target);
    const [falsePositives, falseNegatives] = [dot(row, target.map((y) => 1 - y)), dot(row.map((p) => 1 - p), target)];
    return 1 - (both + smooth) / (both + alpha * falsePositives + beta * falseNegatives + smooth);
  }),
} satisfies { readonly [name: string]: LossReference };
