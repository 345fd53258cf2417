import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createStyleTransfer, gramScales, loadTrunk, picturePath, readPicture, styleContent, type StyleTransfer, targetsOf } from '@lossworks/example-neural-style';
import { read, type NDArray } from '@lossworks/ndarray';

const name = 'inception-v3';

/** The image optimisation that `pnpm example neural-style` runs; what the peer needs for the same one is written to the folder. */
export async function createStyleIteration(size: number, folder?: string): Promise<{ readonly transfer: StyleTransfer; iterate(): Promise<number> }> {
  const trunk = await loadTrunk(name, { pooling: 'average' });
  const preset = trunk.preset!;
  const content = await readPicture(picturePath('alpine-landscape'), { option: '--content', size });
  const style = await readPicture(picturePath('nagasaki-boats'), { option: '--style', size });
  const layers = { style: preset.styleLayers, content: preset.contentLayer };
  const { styleWeight, contentWeight, tvWeight, learningRate } = preset;
  const transfer = await createStyleTransfer({
    trunk, content, style, layers, layerWeights: layers.style.map(() => 1), styleWeight, contentWeight, tvWeight, learningRate, gram: 'mxnet', optimizer: 'nag', start: 'noise', seed: 1,
  });
  if (folder !== undefined) {
    const network = styleContent(trunk, layers, [content.height, content.width]);
    const [mine, theirs] = [await targetsOf(trunk, layers, content), await targetsOf(trunk, layers, style)];
    const weights = [...network.shapes.map((shape) => styleWeight / gramScales.mxnet(shape)).slice(0, -1), contentWeight];
    const places = ([, height, width]: readonly number[]) => height! * width!;
    const targets = [...theirs.grams.map((gram, i) => gram.mul(places(network.shapes[i]!) / places(theirs.shapes[i]!))), mine.content];
    await write(folder, { ...network.args, ...Object.fromEntries(targets.map((target, i) => [`target_${i}`, target])), image: transfer.image });
    writeFileSync(join(folder, 'network.json'), network.symbol.toJSONText());
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ weights, tvWeight, learningRate }));
  }
  return {
    transfer,
    async iterate() {
      await transfer.step();
      return (await read(transfer.losses)).reduce((sum, values) => sum + values[0]!, 0);
    },
  };
}

/** Arrays one behind the other in `arrays.bin`, their shapes in `arrays.json`. */
async function write(folder: string, arrays: { readonly [name: string]: NDArray }): Promise<void> {
  const names = Object.keys(arrays);
  const numbers = await read(Object.values(arrays));
  writeFileSync(join(folder, 'arrays.bin'), Buffer.concat(numbers.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))));
  writeFileSync(join(folder, 'arrays.json'), JSON.stringify(names.map((each) => [each, arrays[each]!.shape])));
}
