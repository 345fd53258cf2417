import { activation, fullyConnected, variable, type Symbol } from '@lossworks/graph';

/** 1,000 operators on end: fully connected, tanh, times 1.5, plus 0.1, and again. Neighbouring layers differ in width. data (N, K). */
export function chainOfOperators(): Symbol {
  let x = variable('data');
  for (let i = 0; i < 250; i++) x = activation({ data: fullyConnected({ data: x, numHidden: 4 + (i % 61), name: `fc${i}` }), actType: 'tanh', name: `act${i}` }).mul(1.5).add(0.1);
  return x;
}
