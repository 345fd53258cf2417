/** Takes one line of text, without its end. */
export type Logger = (line: string) => void;

export const defaultLogger: Logger = (line) => {
  console.log(line);
};

/** A number as C's `%.Nf` writes it. */
export function fixed(value: number, digits = 6): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return value.toFixed(digits);
}
