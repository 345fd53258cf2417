import type { Picture } from './picture.js';

/** The brightness of one picture with the colours of another of the same size: luma of the first, chroma (BT.601) of the second. */
export function withColoursOf(painted: Picture, original: Picture): Picture {
  const plane = painted.width * painted.height;
  const data = new Float32Array(3 * plane);
  const luma = ({ data: values }: Picture, i: number): number => 0.299 * values[i]! + 0.587 * values[plane + i]! + 0.114 * values[2 * plane + i]!;
  for (let i = 0; i < plane; i++) {
    // Chroma is the difference from the luma, so that changing the luma alone shifts all three alike.
    const shift = luma(painted, i) - luma(original, i);
    for (let channel = 0; channel < 3; channel++) data[channel * plane + i] = original.data[channel * plane + i]! + shift;
  }
  return { width: painted.width, height: painted.height, data };
}
