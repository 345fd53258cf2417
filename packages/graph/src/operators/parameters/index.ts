export { bool } from './bool.js';
export { choice } from './choice.js';
export type { OptionalParameter, RequiredParameter } from './declare.js';
export { float, formatFloat } from './float.js';
export { int } from './int.js';
export { optional } from './optional.js';
export { text } from './text.js';
export { axes, formatTuple, openTuple, parseTuple, tuple } from './tuple.js';
