import { testEngine } from '../src/engines/test-engine.js';
import { startEngine } from '../src/index.js';

testEngine('tfjs:cpu', () => startEngine('tfjs:cpu'));
testEngine('tfjs:wasm', () => startEngine('tfjs:wasm'));
if (process.env['LOSSWORKS_TFJS_NODE']) testEngine('tfjs:node', () => startEngine('tfjs:node'));
