import { activation, convolution, pooling, type Symbol, variable } from '@lossworks/graph';
import { saveMxnetCheckpoint } from '@lossworks/module';
import { RandomGenerator, type NDArray } from '@lossworks/ndarray';

const stages = [[4], [6, 6], [8, 8], [8, 8], [10]];

/** A network with the layers of VGG-19 that neural style asks for, few filters each. */
export function smallVgg(): Symbol {
  let data = variable('data');
  stages.forEach((filters, stage) => {
    if (stage > 0) data = pooling({ data, kernel: [2, 2], stride: [2, 2], poolType: 'max', name: `pool${stage}` });
    filters.forEach((numFilter, i) => {
      const name = `${stage + 1}_${i + 1}`;
      data = activation({ data: convolution({ data, numFilter, kernel: [3, 3], pad: [1, 1], name: `conv${name}` }), actType: 'relu', name: `relu${name}` });
    });
  });
  return data;
}

export function smallVggParameters(seed = 5): { readonly [name: string]: NDArray } {
  const symbol = smallVgg();
  const random = new RandomGenerator(seed);
  const shapes = symbol.inferShapePartial({ data: [1, 3, 32, 32] }).arguments;
  return Object.fromEntries(
    symbol.listArguments().flatMap((name, i) => {
      const shape = shapes[i]!;
      if (name === 'data') return [];
      return [[name, name.endsWith('_bias') ? random.uniform(shape, 0, 0.1) : random.normal(shape, 0, Math.sqrt(2 / shape.slice(1).reduce((a, b) => a * b)))]];
    }),
  );
}

/** Saves it as MXNet does; the prefix. */
export async function saveSmallVgg(prefix: string): Promise<string> {
  await saveMxnetCheckpoint(prefix, 0, { symbol: smallVgg(), argParams: smallVggParameters(), auxParams: {} });
  return prefix;
}
