import { adafactor } from './rules/adafactor.js';
import { adadelta } from './rules/adadelta.js';
import { adagrad, groupadagrad } from './rules/adagrad.js';
import { adam } from './rules/adam.js';
import { adamax } from './rules/adamax.js';
import { adamw } from './rules/adamw.js';
import { amsgrad } from './rules/amsgrad.js';
import { dcasgd } from './rules/dcasgd.js';
import { ftml } from './rules/ftml.js';
import { ftrl } from './rules/ftrl.js';
import { lamb } from './rules/lamb.js';
import { lars } from './rules/lars.js';
import { lbsgd } from './rules/lbsgd.js';
import { lion } from './rules/lion.js';
import { muon } from './rules/muon.js';
import { nadam } from './rules/nadam.js';
import { nag } from './rules/nag.js';
import { radam } from './rules/radam.js';
import { rmsprop } from './rules/rmsprop.js';
import { schedulefreeadamw, schedulefreesgd } from './rules/schedule-free.js';
import { sgd } from './rules/sgd.js';
import { sgld } from './rules/sgld.js';
import { signum } from './rules/signum.js';
import { test } from './rules/test.js';

/** Every optimizer by name: MXNet's as MXNet registers them, then what came later. Each with its defaults and the chain they make. */
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
  adamw,
  radam,
  amsgrad,
  lion,
  adafactor,
  muon,
  schedulefreesgd,
  schedulefreeadamw,
};

/** Names that `createOptimizer` knows, in lower case. */
export type OptimizerName = keyof typeof optimizerRules;
