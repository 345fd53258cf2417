import { softmaxOf } from './row-references.js';
import { rowsOf, total, type LossOptions, type LossReference, type LossSampleInputs } from './loss-sample.js';

const number = (options: LossOptions, name: string, fallback: number): number => Number(options[name] ?? fallback);
const dot = (a: readonly number[], b: readonly number[]): number => total(a.map((value, i) => value * b[i]!));
const length = (a: readonly number[]): number => Math.sqrt(dot(a, a));
const squared = (a: readonly number[], b: readonly number[]): number => total(a.map((value, i) => (value - b[i]!) ** 2));
const cosine = (a: readonly number[], b: readonly number[]): number => dot(a, b) / (length(a) * length(b));

/** A loss of each sample, from its features, its class and the rows of the table. */
function bySample(table: string, loss: (x: readonly number[], own: number, rows: readonly number[][], options: LossOptions) => number): LossReference {
  return (inputs, options) => rowsOf(inputs['data']!).map((x, i) => loss(x, inputs['label']!.data[i]!, rowsOf(inputs[table]!), options));
}

/** Losses around class centers. */
export const centerReferences = {
  centerLoss: bySample('center', (x, own, centers) => squared(x, centers[own]!) / 2),
  contrastiveCenterLoss: bySample('center', (x, own, centers, options) => {
    const others = total(centers.map((c, j) => (j === own ? 0 : squared(x, c))));
    return squared(x, centers[own]!) / 2 / (others + number(options, 'delta', 1));
  }),
  islandLoss: bySample('center', (x, own, centers) => squared(x, centers[own]!) / 2),
  gitLoss: bySample('center', (x, own, centers, options) => {
    const push = total(centers.map((c, j) => (j === own ? 0 : 1 / (1 + squared(x, c)))));
    return squared(x, centers[own]!) / 2 + number(options, 'git', 1) * push;
  }),
  tripletCenterLoss: bySample('center', (x, own, centers, options) => {
    const nearest = Math.min(...centers.flatMap((c, j) => (j === own ? [] : [squared(x, c) / 2])));
    return Math.max(0, squared(x, centers[own]!) / 2 + number(options, 'margin', 5) - nearest);
  }),
} satisfies { readonly [name: string]: LossReference };

/** λ₁/(2(K − 1)) Σ_{j≠k}(cos(c_j, c_k) + 1). */
export function islandTerm({ center }: LossSampleInputs, options: LossOptions): number {
  const centers = rowsOf(center!);
  const sums = centers.map((a, j) => total(centers.map((b, k) => (j === k ? 0 : cosine(a, b) + 1))));
  return (number(options, 'island', 10) / (2 * (centers.length - 1))) * total(sums);
}

/** Softmax cross entropy of scores that take the angle of the true class apart. */
function byAngle(score: (angle: number, isOwn: boolean, options: LossOptions) => number, factor: (x: readonly number[], row: readonly number[], options: LossOptions) => number): LossReference {
  return bySample('weight', (x, own, rows, options) => {
    const scores = rows.map((row, j) => factor(x, row, options) * score(Math.acos(cosine(x, row)), j === own, options));
    const largest = Math.max(...scores);
    return -Math.log(softmaxOf(scores.map((each) => each - largest))[own]!);
  });
}

const scaleOf = (_: unknown, __: unknown, options: LossOptions): number => number(options, 'scale', 30);
const psi = (angle: number, isOwn: boolean, options: LossOptions): number => {
  const m = number(options, 'margin', 4);
  const k = Math.floor((angle * m) / Math.PI);
  return isOwn ? (-1) ** k * Math.cos(m * angle) - 2 * k : Math.cos(angle);
};

export const trainedTableReferences = {
  ringLoss: ({ data, radius }) => rowsOf(data!).map((x) => (length(x) - radius!.data[0]!) ** 2 / 2),
  proxyNcaLoss: bySample('proxy', (x, own, proxies, options) => {
    const unit = (a: readonly number[]): number[] => a.map((value) => value / length(a));
    const powers = proxies.map((p) => Math.exp(-number(options, 'softmaxScale', 1) * squared(unit(x), unit(p))));
    const rest = options['includeOwn'] === false ? total(powers) - powers[own]! : total(powers);
    return -Math.log(powers[own]! / rest);
  }),
  proxyAnchorLoss: ({ data, label, proxy }, options) => {
    const [alpha, margin] = [number(options, 'alpha', 32), number(options, 'margin', 0.1)];
    const proxies = rowsOf(proxy!);
    const present = new Set(label!.data).size;
    return proxies.map((p, k) => {
      const sums = { own: 0, other: 0 };
      rowsOf(data!).forEach((x, i) => {
        if (label!.data[i] === k) sums.own += Math.exp(-alpha * (cosine(x, p) - margin));
        else sums.other += Math.exp(alpha * (cosine(x, p) + margin));
      });
      return (Math.log(1 + sums.own) * proxies.length) / present + Math.log(1 + sums.other);
    });
  },
  normFaceLoss: byAngle(Math.cos, scaleOf),
  cosFaceLoss: byAngle((angle, isOwn, options) => Math.cos(angle) - (isOwn ? number(options, 'margin', 0.35) : 0), scaleOf),
  arcFaceLoss: byAngle((angle, isOwn, options) => {
    const margin = number(options, 'margin', 0.5);
    if (!isOwn) return Math.cos(angle);
    return angle > Math.PI - margin ? Math.cos(angle) - margin * Math.sin(margin) : Math.cos(angle + margin);
  }, scaleOf),
  sphereFaceLoss: byAngle(psi, (x) => length(x)),
  largeMarginLoss: byAngle(psi, (x, row) => length(x) * length(row)),
} satisfies { readonly [name: string]: LossReference };
