import { useEngine } from '../engines/registry.js';
import { backends, installLine, type BackendName } from '../engines/tfjs/backends.js';

/** One engine or back end, as it is on this machine. */
export interface Finding {
  /** As `useEngine` takes it. */
  readonly engine: string;
  /** What runs it, with its version, and on which device; undefined where it does not run. */
  readonly runs: string | undefined;
  /** Why it does not run. */
  readonly problem: string | undefined;
  /** The line that brings it. */
  readonly install: string;
}

/** Every choice of an engine there is, and the line that installs it. */
const choices: readonly { readonly engine: string; readonly install: string; readonly wanted?: string }[] = [
  { engine: 'onnx', install: 'npm install onnxruntime-node', wanted: 'onnxruntime-node' },
  { engine: 'onnx-web', install: 'npm install onnxruntime-web' },
  ...(Object.keys(backends) as BackendName[]).map((name) => ({ engine: `tfjs:${name}`, install: installLine(name) })),
];

/** Starts every engine in turn, each on its own. Leaves the last that runs in use: for a process that ends afterwards. */
export async function diagnose(): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { engine: name, install, wanted } of choices) {
    try {
      const engine = await useEngine(name);
      const { packageName } = engine as { packageName?: string };
      const version = packageName === undefined ? '' : `${packageName} ${await versionOf(packageName)}, `;
      const problem = wanted !== undefined && packageName !== wanted ? `${wanted} is missing or does not load: it runs, more slowly` : undefined;
      findings.push({ engine: name, runs: `${version}device ${engine.device}`, problem, install });
    } catch (error) {
      findings.push({ engine: name, runs: undefined, problem: (error as Error).message.split('\n')[0], install });
    }
  }
  return findings;
}

/** What `lossworks-doctor` prints. */
export function report(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ engine }) => engine.length));
  return findings.flatMap(({ engine, runs, problem, install }) => [
    `${runs === undefined ? '✗' : '✓'} ${engine.padEnd(width)}  ${runs ?? problem}`,
    ...(runs !== undefined && problem !== undefined ? [`  ${' '.repeat(width)}  ${problem}`] : []),
    ...(problem !== undefined && !problem.includes(install) ? [`  ${' '.repeat(width)}  ${install}`] : []),
  ]);
}

/** The version of an installed package: from its own `package.json`, which some hide from `import`. */
async function versionOf(packageName: string): Promise<string> {
  const { createRequire } = await import('node:module');
  const { readFileSync } = await import('node:fs');
  const { dirname, join } = await import('node:path');
  for (const from of [process.env['LOSSWORKS_TFJS_NODE'] && `${process.env['LOSSWORKS_TFJS_NODE']}/`, import.meta.url, `${process.cwd()}/`]) {
    try {
      let folder = dirname(createRequire(from!).resolve(packageName));
      for (; folder !== dirname(folder); folder = dirname(folder)) {
        const manifest = readManifest(join(folder, 'package.json'));
        if (manifest?.name === packageName) return manifest.version!;
      }
    } catch {
      // Not from there.
    }
  }
  return '(version unknown)';

  function readManifest(file: string): { readonly name?: string; readonly version?: string } | undefined {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string };
    } catch {
      return undefined;
    }
  }
}
