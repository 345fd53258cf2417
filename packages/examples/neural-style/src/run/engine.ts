import { InputError } from '@lossworks/example-kit';
import { currentEngine, useEngine } from '@lossworks/ndarray';

/** The engine that was asked for, or the usual one. @throws InputError where there is none of that name. */
export async function chooseEngine(name: string | undefined): Promise<string> {
  try {
    return (await (name === undefined ? currentEngine() : useEngine(name))).name;
  } catch (error) {
    throw new InputError(`${name === undefined ? 'LOSSWORKS_ENGINE' : '--engine'}: ${(error as Error).message}`);
  }
}
