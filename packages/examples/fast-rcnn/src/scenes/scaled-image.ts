/** One channel of grey values, row by row. */
export interface GreyImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: ArrayLike<number>;
}

/** The part of an image that holds its ink, nothing around it; undefined where there is none. */
export function inkOf(image: GreyImage, least: number): GreyImage | undefined {
  const { width, height, pixels } = image;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x]! < least) continue;
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
  }
  if (right < 0) return undefined;
  const [w, h] = [right - left + 1, bottom - top + 1];
  return { width: w, height: h, pixels: Float32Array.from({ length: w * h }, (_, i) => pixels[(top + Math.floor(i / w)) * width + left + (i % w)]!) };
}

/** The image in another size, between four neighbours; edges stay edges. */
export function scaled({ width, height, pixels }: GreyImage, newWidth: number, newHeight: number): GreyImage {
  const result = new Float32Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    const [above, below, down] = neighbours(y, newHeight, height);
    for (let x = 0; x < newWidth; x++) {
      const [before, after, right] = neighbours(x, newWidth, width);
      const row = (at: number) => (1 - right) * pixels[at * width + before]! + right * pixels[at * width + after]!;
      result[y * newWidth + x] = (1 - down) * row(above) + down * row(below);
    }
  }
  return { width: newWidth, height: newHeight, pixels: result };
}

function neighbours(position: number, newLength: number, length: number): [number, number, number] {
  const at = Math.min(Math.max(((position + 0.5) * length) / newLength - 0.5, 0), length - 1);
  const before = Math.floor(at);
  return [before, Math.min(before + 1, length - 1), at - before];
}
