import type { Picture } from '../src/image/picture.js';

/** Stripes and a gradient, in colours. */
export function drawnPicture(width: number, height: number, angle = 0.7): Picture {
  const plane = width * height;
  const data = new Float32Array(3 * plane);
  for (let i = 0; i < plane; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const stripe = Math.sin((x * Math.cos(angle) + y * Math.sin(angle)) / 2);
    data[i] = Math.round(128 + 100 * stripe);
    data[plane + i] = Math.round((255 * x) / width);
    data[2 * plane + i] = Math.round(128 - 80 * stripe);
  }
  return { width, height, data };
}
