/** Side of a digit's image. */
export const side = 28;

/** Longest side of the ink inside it, as the makers of MNIST scaled it. */
const inkSide = 20;

/**
 * A drawing the way MNIST's digits are: its ink scaled to fit 20 × 20 pixels, and put on 28 × 28 with the center of mass in the middle.
 *
 * @param ink 0 for paper to 255 for ink, row by row.
 * @returns undefined where nothing is drawn.
 */
export function centeredDigit(ink: ArrayLike<number>, width: number, height: number): Uint8Array | undefined {
  const box = inkBox(ink, width, height);
  if (!box) return undefined;
  const longest = Math.max(box.right - box.left, box.bottom - box.top) + 1;
  const scale = inkSide / longest;
  const [columns, rows] = [Math.max(1, Math.round((box.right - box.left + 1) * scale)), Math.max(1, Math.round((box.bottom - box.top + 1) * scale))];
  const small = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) small[y * columns + x] = meanInk(ink, width, box, { x: x / columns, y: y / rows, right: (x + 1) / columns, bottom: (y + 1) / rows });
  }
  const [across, down] = massCenter(small, columns, rows);
  const [left, top] = [Math.round(side / 2 - across - 0.5), Math.round(side / 2 - down - 0.5)];
  const image = new Uint8Array(side * side);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const [column, row] = [x + left, y + top];
      if (column >= 0 && column < side && row >= 0 && row < side) image[row * side + column] = Math.round(small[y * columns + x]!);
    }
  }
  return image;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function inkBox(ink: ArrayLike<number>, width: number, height: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ink[y * width + x]! < 16) continue;
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  }
  return right < 0 ? undefined : { left, top, right, bottom };
}

/** Mean over a part of the box, given in shares of it. */
function meanInk(ink: ArrayLike<number>, width: number, box: Box, part: { x: number; y: number; right: number; bottom: number }): number {
  const [boxWidth, boxHeight] = [box.right - box.left + 1, box.bottom - box.top + 1];
  const columns = [box.left + Math.floor(part.x * boxWidth), box.left + Math.max(Math.ceil(part.right * boxWidth), Math.floor(part.x * boxWidth) + 1)] as const;
  const rows = [box.top + Math.floor(part.y * boxHeight), box.top + Math.max(Math.ceil(part.bottom * boxHeight), Math.floor(part.y * boxHeight) + 1)] as const;
  let sum = 0;
  for (let y = rows[0]; y < rows[1]; y++) for (let x = columns[0]; x < columns[1]; x++) sum += ink[y * width + x]!;
  return sum / ((rows[1] - rows[0]) * (columns[1] - columns[0]));
}

function massCenter(values: Float32Array, columns: number, rows: number): [number, number] {
  let [mass, across, down] = [0, 0, 0];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const value = values[y * columns + x]!;
      mass += value;
      across += value * x;
      down += value * y;
    }
  }
  return [across / mass, down / mass];
}
