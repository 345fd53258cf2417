import { activation, convolution, flatten, fullyConnected, pooling, variable, type Symbol } from '@lossworks/graph';

/** LeNet of the MNIST example from `data` (batch, 1, 28, 28) up to its hidden layer (batch, 500). */
export function lenetHidden(): Symbol {
  const tanh = (data: Symbol): Symbol => activation({ data, actType: 'tanh' });
  const pool = (data: Symbol): Symbol => pooling({ data, poolType: 'max', kernel: [2, 2], stride: [2, 2] });
  const first = pool(tanh(convolution({ data: variable('data'), kernel: [5, 5], numFilter: 20, name: 'conv1' })));
  const second = pool(tanh(convolution({ data: first, kernel: [5, 5], numFilter: 50, name: 'conv2' })));
  return tanh(fullyConnected({ data: flatten({ data: second }), numHidden: 500, name: 'fc1' }));
}
