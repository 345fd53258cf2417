import { describe, expect, it } from 'vitest';
import { diagnose, report, type Finding } from '../src/doctor/diagnose.js';

describe('the doctor', () => {
  it('names every engine and back end, what runs with its version and device, and the line that installs what does not', async () => {
    const findings = await diagnose();
    expect(findings.map(({ engine }) => engine)).toEqual(['onnx', 'onnx-web', 'tfjs:node-gpu', 'tfjs:node', 'tfjs:webgpu', 'tfjs:wasm', 'tfjs:cpu']);
    const of = (name: string): Finding => findings.find(({ engine }) => engine === name)!;
    expect(of('tfjs:wasm').runs).toMatch(/^@tensorflow\/tfjs-backend-wasm 4\.\d+\.\d+, device cpu$/);
    expect(of('onnx-web').runs).toMatch(/^onnxruntime-web \d+\.\d+\.\d+, device cpu$/);
    expect(of('tfjs:webgpu')).toMatchObject({ runs: undefined, problem: expect.stringContaining('no WebGPU here') });
  }, 60_000);

  it('prints a line an engine, and no install line twice', () => {
    const install = 'npm install onnxruntime-web';
    expect(report([
      { engine: 'onnx', runs: 'onnxruntime-web 1.30.0, device cpu', problem: 'onnxruntime-node is missing', install: 'npm install onnxruntime-node' },
      { engine: 'onnx-web', runs: undefined, problem: `not there; install it: ${install}`, install },
    ])).toEqual([
      '✓ onnx      onnxruntime-web 1.30.0, device cpu',
      '            onnxruntime-node is missing',
      '            npm install onnxruntime-node',
      `✗ onnx-web  not there; install it: ${install}`,
    ]);
  });
});
