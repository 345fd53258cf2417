import { it } from 'vitest';
import { testEngine } from '../src/engines/test-engine.js';
import { startWebGpu } from '../src/webgpu.js';

/** How far WGSL lets a sine or cosine be away. */
const trigonometric = { relative: 0, absolute: 2 ** -11 };
const coarse = 'WGSL lets a sine or cosine be 2⁻¹¹ away, more than the recorded files allow';

const engine = await startWebGpu();
if (typeof engine === 'string') it.skip(`the engine onnx on WebGPU: ${engine}`);
else {
  testEngine('onnx on WebGPU', () => Promise.resolve(engine), {
    toleranceFactor: 2,
    tolerances: { sin: trigonometric, cos: trigonometric },
    skips: {
      'primitives: log for at zero and below': 'a shader compiler may assume that there is no infinity',
      'primitives: pow for negative bases': 'a shader compiler may assume that there is no not-a-number',
      'primitives: pow for zero': 'a shader compiler may assume that there is no infinity',
      'recorded: operators.json: sin_01 (125)': coarse,
      'recorded: operators.json: cos_01 (126)': coarse,
    },
  });
}
