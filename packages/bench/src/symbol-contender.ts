import { simpleBind } from '@lossworks/graph';
import { ones } from '@lossworks/ndarray';
import { symbolRows } from './symbol.js';

// Started as `node symbol-contender.js ROW`: a process of its own, so that nothing is warm; what is imported counts for nobody.

const { build, data } = symbolRows[Number(process.argv[2])]!;
const times = [performance.now()];
const lap = (): void => void times.push(performance.now());

const symbol = build();
lap();
const executor = simpleBind(symbol, { shapes: { data } });
lap();
await executor.forward({ isTrain: true });
lap();
await executor.backward(ones(executor.outputs[0]!.shape));
lap();
console.log(JSON.stringify(times.slice(1).map((time, i) => time - times[i]!)));
