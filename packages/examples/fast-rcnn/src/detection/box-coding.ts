import { type Box, heightOf, widthOf } from './box.js';

/** How a box is moved: by dx, dy widths and heights, and enlarged by e^dw, e^dh. */
export type BoxDelta = readonly [dx: number, dy: number, dw: number, dh: number];

/** e^4 is more than any box is enlarged by; without a limit one wild output would overflow. */
const largestGrowth = 4;

/** What moves `from` onto `to`: dx = (gx − ex) / w, dw = log(gw / w), of centers and sizes. */
export function encodeBox(from: Box, to: Box): BoxDelta {
  const [width, height] = [widthOf(from), heightOf(from)];
  return [
    (centerX(to) - centerX(from)) / width,
    (centerY(to) - centerY(from)) / height,
    Math.log(widthOf(to) / width),
    Math.log(heightOf(to) / height),
  ];
}

/** The box moved: `decodeBox(from, encodeBox(from, to))` is `to`. */
export function decodeBox(from: Box, [dx, dy, dw, dh]: BoxDelta): Box {
  const [x, y] = [centerX(from) + dx * widthOf(from), centerY(from) + dy * heightOf(from)];
  const width = widthOf(from) * Math.exp(Math.min(dw, largestGrowth));
  const height = heightOf(from) * Math.exp(Math.min(dh, largestGrowth));
  return [x - (width - 1) / 2, y - (height - 1) / 2, x + (width - 1) / 2, y + (height - 1) / 2];
}

function centerX([left, , right]: Box): number {
  return (left + right) / 2;
}

function centerY([, top, , bottom]: Box): number {
  return (top + bottom) / 2;
}
