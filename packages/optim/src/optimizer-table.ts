import { adadelta } from './rules/adadelta.js';
import { adagrad, groupadagrad } from './rules/adagrad.js';
import { adam } from './rules/adam.js';
import { adamax } from './rules/adamax.js';
import { dcasgd } from './rules/dcasgd.js';
import { ftml } from './rules/ftml.js';
import { ftrl } from './rules/ftrl.js';
import { lamb } from './rules/lamb.js';
import { lars } from './rules/lars.js';
import { lbsgd } from './rules/lbsgd.js';
import { nadam } from './rules/nadam.js';
import { nag } from './rules/nag.js';
import { rmsprop } from './rules/rmsprop.js';
import { sgd } from './rules/sgd.js';
import { sgld } from './rules/sgld.js';
import { signum } from './rules/signum.js';
import { test } from './rules/test.js';

/** Every optimizer by the name MXNet registers it under. */
export const optimizerRules = {
  sgd,
  ccsgd: sgd,
  nag,
  signum,
  adam,
  adamax,
  nadam,
  adagrad,
  groupadagrad,
  adadelta,
  rmsprop,
  ftrl,
  ftml,
  lamb,
  lars,
  lbsgd,
  dcasgd,
  sgld,
  test,
};

export type OptimizerName = keyof typeof optimizerRules;
