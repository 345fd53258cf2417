import { scaleLinear, type ScaleLinear } from 'd3-scale';

/** The place of a panel in the drawing, in pixels. */
export interface Box {
  /** Left edge. */
  readonly x: number;
  /** Upper edge. */
  readonly y: number;
  /** To the right. */
  readonly width: number;
  /** Downwards. */
  readonly height: number;
}

/** Scales from data to pixels in which a unit is as long along either axis. */
export interface EqualScales {
  /** To the right. */
  readonly x: ScaleLinear<number, number>;
  /** Upwards, as in mathematics. */
  readonly y: ScaleLinear<number, number>;
  /** How many of the points do not fit into the panel. */
  readonly outside: number;
}

/**
 * Scales that put points (x, y pairs) into a box with the same length of a unit on both axes. A handful of stray points must not shrink all others to
 * a dot, so the outermost share `stray` (0.001) on each side does not count; those that fall outside of the box then are counted. `margin` (0.07) is
 * the share of the box left free at each edge.
 */
export function equalScales(points: Float32Array, box: Box, { margin = 0.07, stray = 0.001 } = {}): EqualScales {
  const horizontal = range(points, 0, stray);
  const vertical = range(points, 1, stray);
  const unit = (1 - 2 * margin) * Math.min(box.width / horizontal.length, box.height / vertical.length);
  const x = scaleLinear([horizontal.middle - box.width / unit / 2, horizontal.middle + box.width / unit / 2], [box.x, box.x + box.width]);
  const y = scaleLinear([vertical.middle - box.height / unit / 2, vertical.middle + box.height / unit / 2], [box.y + box.height, box.y]);
  let outside = 0;
  for (let i = 0; i < points.length; i += 2) if (!inside(x, points[i]!) || !inside(y, points[i + 1]!)) outside++;
  return { x, y, outside };
}

export function inside(scale: ScaleLinear<number, number>, value: number): boolean {
  const [low, high] = scale.domain();
  return value >= low! && value <= high!;
}

function range(points: Float32Array, offset: 0 | 1, stray: number): { readonly middle: number; readonly length: number } {
  const sorted = Float32Array.from({ length: points.length / 2 }, (_, i) => points[2 * i + offset]!).sort();
  const skipped = Math.floor(sorted.length * stray);
  const low = sorted[skipped] ?? -1;
  const high = sorted[sorted.length - 1 - skipped] ?? 1;
  return { middle: (low + high) / 2, length: high - low || 1 };
}
