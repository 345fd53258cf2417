import { testEngine } from '../src/engines/test-engine.js';
import { startEngine } from '../src/index.js';

testEngine('onnx-web', () => startEngine('onnx-web'));
