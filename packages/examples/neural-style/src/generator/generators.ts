import { activation, batchNorm, broadcastSub, concat, convolution, deconvolution, leakyReLU, type Symbol, variable } from '@lossworks/graph';

/** An image generator's body: from an image (1, 3, H, W) to numbers of the same shape between −1 and 1. */
type Body = (image: Symbol, filters: (count: number) => number, name: string) => Symbol;

/** MXNet's two generators. `filters` makes them as thin as wanted. */
const bodies = {
  /** Convolutions that keep the size. */
  v4: (image, filters, name) => {
    const layers = [[48, 5], [32, 5], [64, 3], [32, 5], [48, 5], [32, 5]] as const;
    const body = layers.reduce((data, [count, kernel], i) => convolved(data, { filters: filters(count), kernel, name: `${name}_conv${i}` }), image);
    return tanhOf(normalized(convolution({ data: body, numFilter: 3, kernel: [3, 3], pad: [1, 1], name: `${name}_conv6` }), `${name}_bn6`), name);
  },
  /** Down to an eighth and up again, joined across; the size must be a multiple of 8. */
  v3: (image, filters, name) => {
    const down = (data: Symbol, count: number, i: number) => convolved(data, { filters: filters(count), kernel: 5, stride: 2, name: `${name}_down${i}` });
    const keep = (data: Symbol, count: number, i: number) => convolved(data, { filters: filters(count), kernel: 3, name: `${name}_keep${i}` });
    const half = keep(down(image, 64, 0), 48, 0);
    const quarter = keep(down(half, 128, 1), 96, 1);
    const eighth = keep(down(quarter, 256, 2), 192, 2);
    const up = (data: Symbol, like: Symbol, count: number, kernel: number, i: number) => concat({ inputs: [enlarged(data, { filters: filters(count), kernel, name: `${name}_up${i}` }), like], dim: 1, name: `${name}_join${i}` });
    const quarterAgain = keep(up(eighth, quarter, 128, 7, 0), 160, 3);
    const halfAgain = keep(up(quarterAgain, half, 64, 7, 1), 96, 4);
    const full = deconvolution({ data: halfAgain, numFilter: 3, kernel: [8, 8], stride: [2, 2], pad: [3, 3], name: `${name}_up2` });
    return tanhOf(normalized(full, `${name}_bn`), name);
  },
} as const satisfies { readonly [name: string]: Body };

export type GeneratorKind = keyof typeof bodies;
export const generatorKinds = Object.keys(bodies) as readonly GeneratorKind[];

/** Where the mean colour (1, 3, 1, 1) stands among a generator's arguments; it is not trained. */
export const meanName = (name: string): string => `${name}_mean`;

/**
 * A generator over `data` (1, 3, H, W), differences from MXNet's mean colour, to such an image: 0.4·(128·tanh + 128 − mean) + 0.6·input.
 *
 * @param width share of MXNet's numbers of filters
 */
export function generator(kind: GeneratorKind, { width, name }: { readonly width: number; readonly name: string }): Symbol {
  const image = variable('data');
  const filters = (count: number): number => Math.max(1, Math.round(count * width));
  const drawn = bodies[kind](image, filters, name).mul(128).add(128);
  const centered = broadcastSub({ lhs: drawn, rhs: variable(meanName(name)), name: `${name}_centered` });
  return centered.mul(0.4).add(image.mul(0.6));
}

interface Layer {
  readonly filters: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly name: string;
}

function convolved(data: Symbol, { filters, kernel, stride = 1, name }: Layer): Symbol {
  const pad = (kernel - 1) / 2;
  const layer = convolution({ data, numFilter: filters, kernel: [kernel, kernel], stride: [stride, stride], pad: [pad, pad], name });
  return leakyReLU({ data: normalized(layer, `${name}_bn`), slope: 0.2, name: `${name}_leaky` });
}

/** Twice as large. */
function enlarged(data: Symbol, { filters, kernel, name }: Layer): Symbol {
  const layer = deconvolution({ data, numFilter: filters, kernel: [kernel, kernel], stride: [2, 2], pad: [(kernel - 1) / 2, (kernel - 1) / 2], adj: [1, 1], name });
  return leakyReLU({ data: normalized(layer, `${name}_bn`), slope: 0.2, name: `${name}_leaky` });
}

function normalized(data: Symbol, name: string): Symbol {
  return batchNorm({ data, fixGamma: false, eps: 1e-3, name });
}

function tanhOf(data: Symbol, name: string): Symbol {
  return activation({ data, actType: 'tanh', name: `${name}_tanh` });
}
