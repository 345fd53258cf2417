import type { CaseResult } from './case-result.js';
import { runCheckpointFilesCase } from './checkpoint-files-cases.js';
import { runGluonCase } from './gluon-cases.js';
import { runInitializerCase } from './initializer-cases.js';
import { runIoCase } from './io-cases.js';
import { runIteratorCase } from './iterator-cases.js';
import { runMetricCase } from './metric-cases.js';
import { runOperatorCase } from './operator-cases.js';
import { runOptimizerCase } from './optimizer-cases.js';
import { runSymbolCase } from './symbol-cases.js';
import { runTrainingCase } from './training-cases.js';

/** A case of any kind, as it stands in its file. */
export interface RecordedCase {
  readonly name: string;
  readonly kind: string;
}

/** Runs one case. `siblings` are the cases of its file. */
export type CaseRunner = (recorded: never, siblings: readonly RecordedCase[]) => Promise<CaseResult> | CaseResult;

/** Who runs which kind. */
export const caseRunners: { readonly [kind: string]: CaseRunner } = {
  op: runOperatorCase,
  customop: runOperatorCase,
  customop_steps: runOperatorCase,
  net: runOperatorCase,
  shape: runOperatorCase,
  error: runOperatorCase,
  symbol: runSymbolCase,
  naming: runSymbolCase,
  attrs: runSymbolCase,
  metric: runMetricCase,
  metric_dict: runMetricCase,
  metric_error: runMetricCase,
  optimizer: runOptimizerCase,
  optimizer_mult: runOptimizerCase,
  optimizer_sched: runOptimizerCase,
  scheduler: runOptimizerCase,
  scheduler_error: runOptimizerCase,
  iter: runIteratorCase,
  iter_error: runIteratorCase,
  iter_names: runIteratorCase,
  split: runIteratorCase,
  initializer: runInitializerCase,
  initializer_gram: runInitializerCase,
  training: runTrainingCase,
  params_file: runIoCase,
  checkpoint: runIoCase,
  events: runIoCase,
  callback: runIoCase,
  monitor: runIoCase,
  gluon_loss: runGluonCase,
  checkpoint_files: runCheckpointFilesCase,
};
