import { runApplication } from '@lossworks/example-kit';
import { fastRcnn } from './command.js';

await runApplication(fastRcnn);
