import { Command, CommanderError, Option } from 'commander';
import { InputError } from './input-error.js';

export interface CommandText {
  /** As the user types it, such as `pnpm example mnist-center-loss`. */
  readonly command: string;
  /** What the application does, in the help. */
  readonly description: string;
}

/**
 * The options of a command line; undefined where only help was asked for, which is written then.
 *
 * @throws InputError naming the option, what was given and what it takes.
 */
export function parseOptions<T extends object>(
  args: readonly string[],
  options: readonly Option[],
  { command: name, description, write }: CommandText & { readonly write: (text: string) => void },
): T | undefined {
  const command = new Command(name)
    .description(description)
    .usage('[options]')
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} });
  for (const option of options) command.addOption(option);
  try {
    return command.parse(args, { from: 'user' }).opts<T>();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new InputError(error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
  }
}

/**
 * An option that takes a whole number of at least `least`.
 *
 * @throws InputError naming the option and what it takes, when it is parsed.
 */
export function wholeNumberOption(flags: string, description: string, least: number): Option {
  return numberOption(flags, description, `a whole number of at least ${least}`, (value) => Number.isSafeInteger(value) && value >= least);
}

/**
 * An option that takes a number.
 *
 * @param wanted what the option takes, as the error says it: `a number of at least 0`.
 * @throws InputError naming the option and what it takes, when it is parsed.
 */
export function numberOption(flags: string, description: string, wanted: string, valid: (value: number) => boolean): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value) || !valid(value)) throw new InputError(`${option.long}: '${text}' is not ${wanted}`);
    return value;
  });
}

/**
 * An option that takes one of some words.
 *
 * @throws InputError naming the option and the words, when it is parsed.
 */
export function choiceOption(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, `${description} (${choices.join(' or ')})`);
  return option.argParser((text) => {
    if (!choices.includes(text)) throw new InputError(`${option.long}: '${text}' is not ${choices.join(' or ')}`);
    return text;
  });
}
