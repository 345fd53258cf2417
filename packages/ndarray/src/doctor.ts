#!/usr/bin/env node
import { arch, availableParallelism, platform } from 'node:os';
import { diagnose, report } from './doctor/diagnose.js';

// `lossworks-doctor`: what runs here, and the line that installs what does not. Exits with 1 where nothing runs.
// TensorFlow.js greets, and tells of every kernel that two of its packages both bring.
console.warn = () => undefined;
console.log(`Node ${process.versions.node}, ${platform()} ${arch()}, ${availableParallelism()} processors; LOSSWORKS_ENGINE=${process.env['LOSSWORKS_ENGINE'] ?? ''}`);
const findings = await diagnose();
for (const line of report(findings)) console.log(line);
process.exit(findings.some(({ runs }) => runs !== undefined) ? 0 : 1);
