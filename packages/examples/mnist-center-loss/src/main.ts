import { runApplication } from '@lossworks/example-kit';
import { mnistCenterLoss } from './command.js';

await runApplication(mnistCenterLoss);
