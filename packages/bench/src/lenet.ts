import { activation, convolution, flatten, fullyConnected, pooling, variable, type Symbol } from '@lossworks/graph';
import { softmaxOutput } from '@lossworks/losses';
import { Module, Xavier } from '@lossworks/module';

/** LeNet of the MNIST example from `data` (batch, 1, 28, 28) up to its hidden layer (batch, 500). */
export function lenetHidden(): Symbol {
  const tanh = (data: Symbol): Symbol => activation({ data, actType: 'tanh' });
  const pool = (data: Symbol): Symbol => pooling({ data, poolType: 'max', kernel: [2, 2], stride: [2, 2] });
  const first = pool(tanh(convolution({ data: variable('data'), kernel: [5, 5], numFilter: 20, name: 'conv1' })));
  const second = pool(tanh(convolution({ data: first, kernel: [5, 5], numFilter: 50, name: 'conv2' })));
  return tanh(fullyConnected({ data: flatten({ data: second }), numHidden: 500, name: 'fc1' }));
}

/** LeNet with ten classes as a module, its parameters there. */
export function lenetModule(batch: number): Module {
  const classes = fullyConnected({ data: lenetHidden(), numHidden: 10, name: 'fc2' });
  const module = new Module(softmaxOutput({ data: classes, name: 'softmax' }), { seed: 1 });
  module.bind({ dataShapes: [{ name: 'data', shape: [batch, 1, 28, 28] }], labelShapes: [{ name: 'softmax_label', shape: [batch] }] });
  module.initParams({ initializer: new Xavier() });
  return module;
}
