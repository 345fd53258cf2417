import { choiceOption, InputError, numberOption, parseOptions as parse, wholeNumberOption } from '@lossworks/example-kit';
import { Option } from 'commander';
import { pictureNames } from '../image/named-pictures.js';
import { pixelScales, type PixelScaleName } from '../trunk/pixels.js';
import { type GramScaleName, gramScales } from './gram.js';

/** Undefined stands for what suits the trunk. */
export interface NstyleOptions {
  readonly content: string;
  readonly style: string;
  readonly trunk: string;
  readonly styleLayers: readonly string[] | undefined;
  readonly styleWeights: readonly number[] | undefined;
  readonly contentLayer: string | undefined;
  readonly styleWeight: number | undefined;
  readonly contentWeight: number | undefined;
  readonly tvWeight: number | undefined;
  readonly learningRate: number | undefined;
  readonly gram: GramScaleName;
  readonly styleScale: number;
  readonly originalColours: boolean;
  readonly optimizer: OptimizerName;
  readonly start: 'noise' | 'content';
  readonly pooling: 'average' | 'as-trained';
  readonly pixels: PixelScaleName | undefined;
  readonly steps: number;
  readonly stop: number;
  readonly saveEvery: number;
  readonly size: number;
  readonly seed: number;
  readonly engine: string | undefined;
  readonly out: string;
}

export const optimizerNames = ['nag', 'adam'] as const;
export type OptimizerName = (typeof optimizerNames)[number];

const positive = (flags: string, description: string): Option => numberOption(flags, description, 'a number above 0', (value) => value > 0);
const weight = (flags: string, description: string): Option => numberOption(flags, description, 'a number of at least 0', (value) => value >= 0);

/**
 * The options of a command line; undefined where only help was asked for, which is written then.
 *
 * @throws InputError naming the option, what was given and what it takes.
 */
export function parseOptions(args: readonly string[], write: (text: string) => void): NstyleOptions | undefined {
  return parse<NstyleOptions>(
    args,
    [
      new Option('--content <picture>', `what to paint: a file, or ${pictureNames.join(', ')}`).default('alpine-landscape'),
      new Option('--style <picture>', 'how to paint it: a file, or one of the same names').default('nagasaki-boats'),
      new Option('--trunk <network>', "inception-v3, mobilenet-v2, an .onnx file, or the prefix of MXNet's files").default('inception-v3'),
      listOption('--style-layers <names>', 'layers whose Gram matrices are the style, with commas between', (name) => name),
      listOption('--style-weights <numbers>', 'one a style layer (default: all 1)', (text) => wholeOrFraction('--style-weights', text)),
      new Option('--content-layer <name>', 'layer whose features are the content'),
      weight('--style-weight <x>', 'weight of the style losses together'),
      weight('--content-weight <x>', 'weight of the content loss'),
      weight('--tv-weight <x>', 'weight of the smoothness'),
      positive('--learning-rate <x>', 'of the optimizer'),
      choiceOption('--gram <scale>', 'what differences of Gram matrices are divided by', Object.keys(gramScales)).default('mxnet'),
      positive('--style-scale <x>', 'size of the style picture as a multiple of --size').default(1),
      new Option('--original-colours', 'keep the colours of the content, take brightness alone').default(false),
      choiceOption('--optimizer <name>', 'what moves the pixels', optimizerNames).default('nag'),
      choiceOption('--start <image>', 'where to begin', ['content', 'noise']).default('content'),
      choiceOption('--pooling <kind>', 'averages in place of maxima, or the network as it was trained', ['average', 'as-trained']).default('average'),
      choiceOption('--pixels <scale>', 'what a network of your own takes for a pixel', Object.keys(pixelScales)),
      wholeNumberOption('--steps <n>', 'iterations', 1).default(200),
      weight('--stop <x>', 'end where an iteration changes the image by less than this share of it').default(0.005),
      wholeNumberOption('--save-every <n>', 'iterations between pictures', 1).default(50),
      wholeNumberOption('--size <n>', 'longer edge of the result in pixels', 16).default(256),
      wholeNumberOption('--seed <n>', 'seed of the noise', 0).default(1),
      new Option('--engine <name>', 'what runs the network: onnx or onnx-web').env('LOSSWORKS_ENGINE'),
      new Option('--out <folder>', 'where pictures and summary.json go').default('out/neural-style'),
    ],
    {
      command: 'pnpm example neural-style [nstyle]',
      description: 'Paints a photograph in the style of another picture, by changing its pixels until a network finds both in it.',
      write,
    },
  );
}

/** A list with commas between. */
export function listOption<T>(flags: string, description: string, item: (text: string) => T): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => {
    const items = text.split(',').map((each) => each.trim());
    if (items.includes('')) throw new InputError(`${option.long}: '${text}' is not a list with commas between`);
    return items.map(item);
  });
}

function wholeOrFraction(option: string, text: string): number {
  const value = Number(text);
  if (!(value >= 0 && Number.isFinite(value))) throw new InputError(`${option}: '${text}' is not a number of at least 0`);
  return value;
}
