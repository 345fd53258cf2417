import { formatShape, type NDArray, type RandomGenerator, type Shape } from '@lossworks/ndarray';
import { checkChoice, defineInitializer } from './initializer-rule.js';
import type { InitDesc } from './initializer.js';

export type FactorType = 'avg' | 'in' | 'out';

export interface XavierOptions {
  rndType: 'uniform' | 'gaussian';
  /** Which number of connections of a unit counts: incoming, outgoing, or their mean. */
  factorType: FactorType;
  /** Of the variance: it is magnitude / connections for `gaussian`, a third of it for `uniform`. */
  magnitude: number;
}

export interface MSRAPreluOptions {
  factorType: FactorType;
  /** Of the rectifier for negative inputs. */
  slope: number;
}

const factors: { readonly [F in FactorType]: (fanIn: number, fanOut: number) => number } = {
  avg: (fanIn, fanOut) => (fanIn + fanOut) / 2,
  in: (fanIn) => fanIn,
  out: (_, fanOut) => fanOut,
};

const draws: { readonly [R in XavierOptions['rndType']]: (random: RandomGenerator, shape: Shape, spread: number) => NDArray } = {
  uniform: (random, shape, spread) => random.uniform(shape, -spread, spread),
  gaussian: (random, shape, spread) => random.normal(shape, 0, spread),
};

/** Keeps the variance of activations about the same from layer to layer (Glorot and Bengio 2010; MXNet `Xavier`). */
export const xavier = defineInitializer<XavierOptions>({
  name: 'xavier',
  defaults: { rndType: 'uniform', factorType: 'avg', magnitude: 3 },
  check({ rndType, factorType }) {
    checkChoice('xavier', 'rndType', rndType, Object.keys(draws));
    checkChoice('xavier', 'factorType', factorType, Object.keys(factors));
  },
  fill: (target, options, random) => scaledByConnections('xavier', target, options, random),
});

/** Xavier's rule for rectifiers (He et al. 2015; MXNet `MSRAPrelu`). */
export const msraprelu = defineInitializer<MSRAPreluOptions>({
  name: 'msraprelu',
  defaults: { factorType: 'avg', slope: 0.25 },
  check: ({ factorType }) => checkChoice('msraprelu', 'factorType', factorType, Object.keys(factors)),
  fill: (target, { factorType, slope }, random) =>
    scaledByConnections('msraprelu', target, { rndType: 'gaussian', factorType, magnitude: 2 / (1 + slope ** 2) }, random),
});

function scaledByConnections(rule: string, { name, shape }: InitDesc, { rndType, factorType, magnitude }: XavierOptions, random: RandomGenerator): NDArray {
  const [units, inputs, ...window] = shape;
  if (units === undefined || inputs === undefined) {
    throw new RangeError(`${rule}: ${name} has shape ${formatShape(shape)}; connections are counted along two axes at least: give it another initializer`);
  }
  const field = window.reduce((product, length) => product * length, 1);
  return draws[rndType](random, shape, Math.sqrt(magnitude / factors[factorType](inputs * field, units * field)));
}
