import { fileURLToPath } from 'node:url';
import type { Command } from './contenders.js';
import { contest } from './contest.js';
import type { BenchOptions } from './main.js';
import { images } from './rcnn-training.js';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Times a whole training step of the Fast R-CNN example: two images, 128 regions; forward, backward, update, both losses read. */
export async function benchRcnn(options: BenchOptions): Promise<void> {
  const threads = String(options.threads);
  const commands: Command[] = [
    // As the example trains, and one by one.
    ...[4, 1].map((together) => ({ name: together === 1 ? 'onnx, one by one' : `onnx, ${together} a run`, command: process.execPath, args: [file('./contender.js'), 'rcnn', 'onnx', String(images), threads, String(together)] })),
    { name: 'pytorch', command: options.python, args: [file('../peers/rcnn_torch.py'), threads] },
  ];
  const rows = await contest(`Fast R-CNN training step, ${images} images and 128 regions`, commands, options);
  console.log(`\nimages a second: ${rows.map(({ name, medianMs }) => `${name} ${((1000 * images) / medianMs).toFixed(1)}`).join(', ')}`);
}
