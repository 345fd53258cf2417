/** Something the user gave is wrong: it is told in one line, without a stack. */
export class InputError extends Error {}
