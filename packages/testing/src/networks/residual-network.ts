import { activation, batchNorm, convolution, flatten, fullyConnected, pooling, variable, type Symbol } from '@lossworks/graph';

function layer(data: Symbol, numFilter: number, size: number, stride: number, name: string, isActivated = true): Symbol {
  const conv = convolution({ data, numFilter, kernel: [size, size], stride: [stride, stride], pad: [(size - 1) / 2, (size - 1) / 2], noBias: true, name });
  const normal = batchNorm({ data: conv, fixGamma: false, name: `${name}_bn` });
  return isActivated ? activation({ data: normal, actType: 'relu', name: `${name}_relu` }) : normal;
}

/** ResNet-50 (He et al. 2015) with 10 scores: 23.5 M parameters. data (N, 3, H, W). */
export function residualNetwork(): Symbol {
  let x = pooling({ data: layer(variable('data'), 64, 7, 2, 'stem'), kernel: [3, 3], stride: [2, 2], pad: [1, 1], name: 'stem_pool' });
  for (const [stage, count] of [3, 4, 6, 3].entries()) {
    const filters = 64 << stage;
    for (let unit = 0; unit < count; unit++) {
      const name = `stage${stage}_unit${unit}`;
      const stride = unit === 0 && stage > 0 ? 2 : 1;
      const narrow = layer(layer(x, filters, 1, 1, `${name}_a`), filters, 3, stride, `${name}_b`);
      const shortcut = unit === 0 ? layer(x, 4 * filters, 1, stride, `${name}_shortcut`, false) : x;
      x = activation({ data: layer(narrow, 4 * filters, 1, 1, `${name}_c`, false).add(shortcut), actType: 'relu', name: `${name}_out` });
    }
  }
  const pooled = pooling({ data: x, globalPool: true, kernel: [1, 1], poolType: 'avg', name: 'global' });
  return fullyConnected({ data: flatten({ data: pooled, name: 'flat' }), numHidden: 10, name: 'fc' });
}
