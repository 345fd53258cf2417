import { activation, batchNorm, concat, convolution, flatten, fullyConnected, pooling, variable, type Symbol } from '@lossworks/graph';

function factory(data: Symbol, filters: number, kernel: number, name: string, stride = 1): Symbol {
  const pad = (kernel - 1) / 2;
  const conv = convolution({ data, numFilter: filters, kernel: [kernel, kernel], stride: [stride, stride], pad: [pad, pad], noBias: true, name: `${name}_conv` });
  return activation({ data: batchNorm({ data: conv, fixGamma: false, name: `${name}_bn` }), actType: 'relu', name: `${name}_relu` });
}

/** Four towers over one input, joined along the channels (Szegedy et al. 2015, with batch normalisation). */
function inception(data: Symbol, [single, reduce3, triple, reduceDouble, double, projected]: readonly number[], name: string): Symbol {
  const inputs = [
    factory(data, single!, 1, `${name}_1x1`),
    factory(factory(data, reduce3!, 1, `${name}_3x3r`), triple!, 3, `${name}_3x3`),
    factory(factory(factory(data, reduceDouble!, 1, `${name}_d3x3r`), double!, 3, `${name}_d3x3a`), double!, 3, `${name}_d3x3b`),
    factory(pooling({ data, kernel: [3, 3], pad: [1, 1], poolType: 'avg', name: `${name}_pool` }), projected!, 1, `${name}_proj`),
  ];
  return concat({ inputs, name: `${name}_concat` });
}

const halved = (data: Symbol, name: string): Symbol => pooling({ data, kernel: [3, 3], stride: [2, 2], pad: [1, 1], name });

/** A network after Inception-BN: stem, three stages of blocks, 10 scores. data (N, 3, H, W). */
export function inceptionNetwork(): Symbol {
  let body = halved(factory(factory(variable('data'), 32, 7, 'stem1', 2), 96, 3, 'stem2'), 'stem_pool');
  body = inception(inception(body, [32, 32, 32, 32, 48, 16], 'in3a'), [32, 32, 48, 32, 48, 32], 'in3b');
  body = inception(inception(halved(body, 'pool3'), [112, 32, 48, 48, 64, 64], 'in4a'), [96, 48, 64, 48, 64, 64], 'in4b');
  body = inception(halved(body, 'pool4'), [176, 96, 160, 80, 112, 64], 'in5a');
  return fullyConnected({ data: flatten({ data: pooling({ data: body, globalPool: true, kernel: [1, 1], poolType: 'avg', name: 'global' }), name: 'flatten' }), numHidden: 10, name: 'fc' });
}
