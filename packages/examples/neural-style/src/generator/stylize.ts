import { InputError, OutputFolder, parseOptions, type Terminal, wholeNumberOption } from '@lossworks/example-kit';
import { bind, exportOnnx } from '@lossworks/graph';
import { loadMxnetCheckpoint } from '@lossworks/module';
import { Option } from 'commander';
import { picturePath } from '../image/named-pictures.js';
import { encodePng, readPicture, resized } from '../image/picture.js';
import { chooseEngine } from '../run/engine.js';
import { imageOf, pictureOf } from '../trunk/pixels.js';

export interface StylizeOptions {
  readonly generator: string;
  readonly content: string;
  readonly size: number;
  readonly onnx: boolean;
  readonly engine: string | undefined;
  readonly out: string;
}

/** `stylize` from its command line. */
export async function stylize(args: readonly string[]): Promise<void> {
  const options = parseOptions<StylizeOptions>(
    args,
    [
      new Option('--generator <prefix>', 'what boost-train saved: PREFIX-symbol.json and PREFIX-0000.params').default('out/neural-style-generator/generator'),
      new Option('--content <picture>', 'what to paint: a file, or a name of nstyle').default('nagasaki-boats'),
      wholeNumberOption('--size <n>', 'longer edge of the result in pixels', 16).default(512),
      new Option('--onnx', 'write the generator for this size as generator.onnx as well').default(false),
      new Option('--engine <name>', 'what runs the network: onnx or onnx-web').env('LOSSWORKS_ENGINE'),
      new Option('--out <folder>', 'where the picture goes').default('out/neural-style-generator'),
    ],
    { command: 'pnpm example neural-style stylize', description: 'Paints a photograph with a trained generator, in one pass.', write: (text) => process.stdout.write(text) },
  );
  if (options) await runStylize(options, process.stdout);
}

export async function runStylize({ generator, content, size, onnx, engine, out }: StylizeOptions, terminal: Terminal): Promise<void> {
  await chooseEngine(engine);
  const folder = new OutputFolder(out);
  const { symbol, argParams, auxParams } = await loadMxnetCheckpoint(generator, 0).catch((error: Error) => {
    throw new InputError(`--generator: ${error.message}`);
  });
  const picture = await readPicture(picturePath(content), { option: '--content', size });
  // Generators shrink images by 8 and enlarge them again.
  const whole = (length: number): number => Math.max(16, Math.round(length / 8) * 8);
  const fitting = await resized(picture, { width: whole(picture.width), height: whole(picture.height) });
  const image = imageOf(fitting);
  const executor = bind(symbol, { args: { ...argParams, data: image }, auxiliaryStates: auxParams, gradReq: 'null' });
  const [painted] = await executor.forward();
  const start = performance.now();
  folder.write('stylized.png', await encodePng(await resized(pictureOf(await painted!.data(), fitting), picture)));
  terminal.write(`${fitting.width} × ${fitting.height} pixels in ${Math.round(performance.now() - start)} ms\n`);
  if (onnx) folder.write('generator.onnx', await exportOnnx(symbol, { shapes: { data: image.shape }, args: argParams, auxiliaryStates: auxParams }));
  terminal.write(`In ${folder.path}: ${folder.written.join(', ')}\n`);
}
