import { testEngine } from '../src/engines/test-engine.js';
import { startEngine } from '../src/index.js';

testEngine('onnx', () => startEngine('onnx'));
