import { readFileSync } from 'node:fs';
import type { MetricCase } from '../../testing/src/conformance/metric-cases.js';

/** The metric cases recorded from MXNet 1.9.1. */
export function recordedCases(): readonly MetricCase[] {
  const file = new URL('../../testing/oracle/metrics.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { cases: MetricCase[] }).cases;
}
