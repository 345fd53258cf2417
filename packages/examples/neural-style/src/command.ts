import { InputError } from '@lossworks/example-kit';
import { boostTrain } from './generator/boost-train.js';
import { stylize } from './generator/stylize.js';
import { nstyle } from './style/nstyle.js';

/** What the application does, by the first argument; `nstyle` where that is an option. */
const commands: { readonly [name: string]: (args: readonly string[]) => Promise<unknown> } = { nstyle, 'boost-train': boostTrain, stylize };

/** The application, from its command line. @throws InputError for a command that there is not. */
export async function neuralStyle([first, ...rest]: readonly string[]): Promise<void> {
  if (first === undefined || first.startsWith('-')) {
    await nstyle(first === undefined ? rest : [first, ...rest]);
    return;
  }
  const command = Object.hasOwn(commands, first) ? commands[first] : undefined;
  if (!command) throw new InputError(`there is no command '${first}'; there are ${Object.keys(commands).join(', ')}`);
  await command(rest);
}
