import { choiceOption, InputError, numberOption, parseOptions as parse, wholeNumberOption } from '@lossworks/example-kit';
import { Option } from 'commander';
import { pictureNames } from '../image/named-pictures.js';
import { listOption } from '../style/nstyle-options.js';
import { type GeneratorKind, generatorKinds } from './generators.js';

export interface BoostTrainOptions {
  readonly content: readonly string[];
  readonly style: string;
  readonly trunk: string;
  readonly styleWeight: number | undefined;
  readonly contentWeight: number | undefined;
  readonly tvWeight: number | undefined;
  readonly generators: readonly GeneratorKind[];
  readonly width: number;
  readonly carry: 'straight-through' | 'chain-rule';
  readonly learningRate: number;
  readonly clip: number;
  readonly size: number;
  readonly steps: number;
  readonly seed: number;
  readonly engine: string | undefined;
  readonly out: string;
}

/**
 * The options of a command line; undefined where only help was asked for, which is written then.
 *
 * @throws InputError naming the option, what was given and what it takes.
 */
export function parseBoostTrainOptions(args: readonly string[], write: (text: string) => void): BoostTrainOptions | undefined {
  const atLeastNought = (flags: string, description: string) => numberOption(flags, description, 'a number of at least 0', (value) => value >= 0);
  const aboveNought = (flags: string, description: string) => numberOption(flags, description, 'a number above 0', (value) => value > 0);
  return parse<BoostTrainOptions>(
    args,
    [
      listOption('--content <pictures>', `what to learn on: files, or ${pictureNames.join(', ')}, with commas between`, (name) => name).default(pictureNames),
      new Option('--style <picture>', 'how to paint: a file, or one of the same names').default('march-pastoral'),
      new Option('--trunk <network>', "inception-v3, mobilenet-v2, an .onnx file, or the prefix of MXNet's files").default('inception-v3'),
      atLeastNought('--style-weight <x>', 'weight of the style losses together'),
      atLeastNought('--content-weight <x>', 'weight of the content loss'),
      atLeastNought('--tv-weight <x>', 'weight of the smoothness'),
      listOption('--generators <kinds>', `generators one behind the other, of ${generatorKinds.join(' and ')}, with commas between`, oneOf('--generators', generatorKinds)).default(['v4', 'v3']),
      aboveNought('--width <share>', "share of MXNet's numbers of filters").default(0.25),
      choiceOption('--carry <rule>', 'what a generator is told of those behind it: as MXNet does, or the true derivative', ['straight-through', 'chain-rule']).default('straight-through'),
      aboveNought('--learning-rate <x>', 'of plain SGD with momentum').default(1e-3),
      aboveNought('--clip <x>', "limit of a direction's 2-norm, as a multiple of its elements").default(0.05),
      wholeNumberOption('--size <n>', 'edge of the images it learns on, a multiple of 8', 16).default(96),
      wholeNumberOption('--steps <n>', 'images to learn on', 1).default(300),
      wholeNumberOption('--seed <n>', 'seed of weights and cut-outs', 0).default(1),
      new Option('--engine <name>', 'what runs the network: onnx or onnx-web').env('LOSSWORKS_ENGINE'),
      new Option('--out <folder>', 'where the generator and summary.json go').default('out/neural-style-generator'),
    ],
    { command: 'pnpm example neural-style boost-train', description: 'Trains generators that paint any photograph in one style, in one pass.', write },
  );
}

function oneOf<T extends string>(option: string, choices: readonly T[]): (text: string) => T {
  return (text) => choices.find((choice) => choice === text) ?? fail(`${option}: '${text}' is not ${choices.join(' or ')}`);
}

function fail(message: string): never {
  throw new InputError(message);
}
