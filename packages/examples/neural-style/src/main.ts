import { runApplication } from '@lossworks/example-kit';
import { neuralStyle } from './command.js';

await runApplication(neuralStyle);
