import { InputError } from './terminal/input-error.js';
import { mnistCenterLoss } from './mnist-center-loss/command.js';

/** An example application: run with its own arguments; it rejects with an `InputError` where one of them is wrong. */
interface Example {
  readonly description: string;
  run(args: readonly string[]): Promise<void>;
}

const examples: { readonly [name: string]: Example } = {
  'mnist-center-loss': mnistCenterLoss,
};

const list = Object.entries(examples)
  .map(([name, { description }]) => `  ${name}   ${description}`)
  .join('\n');

const help = `Usage: pnpm example NAME [options]

Examples:
${list}

pnpm example NAME --help lists the options of one.
`;

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(help);
    return name === undefined ? 2 : 0;
  }
  const example = Object.hasOwn(examples, name) ? examples[name] : undefined;
  try {
    if (!example) throw new InputError(`there is no example '${name}'; choose ${Object.keys(examples).join(' or ')}`);
    await example.run(args);
    return 0;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
