import { Accuracy, create, CrossEntropy, F1, np, Perplexity, TopKAccuracy, type HostArray } from '@lossworks/metrics';

/** The calls that MXNet refused, by the name of the recorded case, which holds nothing else. */
export const refusedMetricCalls: { readonly [name: string]: () => unknown } = {
  err_list_lengths: () => new Accuracy().update([vector(0)], [matrix([1, 0]), matrix([1, 0])]),
  err_acc_sizes: () => new Accuracy().update([vector(0, 1, 1)], [matrix([1, 0], [0, 1])]),
  err_perplexity_3d: () => new Perplexity().update([filled(0, [2, 2])], [filled(1, [2, 2, 3])]),
  err_topk1: () => new TopKAccuracy({ topK: 1 }),
  err_f1_multiclass: () => new F1().update([vector(0, 1, 2)], [matrix([1, 0], [0, 1], [0, 1])]),
  err_unknown: () => create('nope' as string),
  err_ce_sizes: () => new CrossEntropy().update([vector(0, 1, 1)], [matrix([1, 0], [0, 1])]),
  err_custom_extra: () => np(() => 1).update([vector(0)], [matrix([1, 0]), matrix([1, 0])]),
  err_update_dict_extra: () => new Accuracy().updateDict({ l: vector(2, 1, 1, 1) }, { a: filled(0.25, [4, 3]), b: vector(0) }),
};

function vector(...data: number[]): HostArray {
  return { data, shape: [data.length] };
}

function matrix(...rows: number[][]): HostArray {
  return { data: rows.flat(), shape: [rows.length, rows[0]!.length] };
}

function filled(value: number, shape: readonly number[]): HostArray {
  return { data: new Array<number>(shape.reduce((size, length) => size * length, 1)).fill(value), shape };
}
