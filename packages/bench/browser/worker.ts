import { useEngine } from '@lossworks/ndarray';
import { reportSteps } from '../src/step-reporter.js';
import { createTraining } from '../src/training.js';

let step: (() => Promise<number>) | undefined;

onmessage = async ({ data }: MessageEvent<{ readonly batch: number; readonly threads: number } | { readonly steps: number }>) => {
  if ('steps' in data) return postMessage(await reportSteps(step!, data.steps));
  await useEngine('onnx-web', { threads: data.threads });
  step = createTraining(data.batch);
  postMessage('ready');
};
