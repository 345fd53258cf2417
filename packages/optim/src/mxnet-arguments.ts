/** How MXNet names what is not the same words in camelCase here; null: concerns float16 or row-sparse arrays only. */
const otherNames: Readonly<Record<string, string | null>> = {
  wd: 'weightDecay',
  rescale_grad: 'rescaleGradient',
  lr_scheduler: 'scheduler',
  param_idx2name: 'indexToName',
  begin_num_update: 'beginUpdate',
  wd_lh: 'decoupledWeightDecay',
  lamda: 'compensation',
  lamda1: 'l1',
  eta: 'trust',
  eps: 'epsilon',
  gamma1: 'decay',
  gamma2: 'momentum',
  lazy_update: null,
  multi_precision: null,
  base_lr: 'baseLearningRate',
  final_lr: 'finalLearningRate',
  stop_factor_lr: 'stopLearningRate',
  warmup_begin_lr: 'warmupBeginLearningRate',
  pwr: 'power',
};

/**
 * Options from the arguments of an MXNet optimizer or scheduler: `learning_rate` → `learningRate`, `wd` → `weightDecay`. Other names only change to
 * camelCase; `lazy_update` and `multi_precision` are left out.
 */
export function optionsFromMxnet(argumentsByName: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(argumentsByName)) {
    const option = Object.hasOwn(otherNames, name) ? otherNames[name] : name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (option) options[option] = value;
  }
  return options;
}
