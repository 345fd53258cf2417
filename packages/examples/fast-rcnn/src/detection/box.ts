/** Left, top, right, bottom in pixels, the last ones included: a box of one pixel has left = right, as in MXNet's and Girshick's code. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

export function widthOf([left, , right]: Box): number {
  return right - left + 1;
}

export function heightOf([, top, , bottom]: Box): number {
  return bottom - top + 1;
}

/** A box cut off at the image's edges; turned over, that is no box, where it lies outside. */
export function clipped([left, top, right, bottom]: Box, { width, height }: ImageSize): Box {
  return [Math.max(left, 0), Math.max(top, 0), Math.min(right, width - 1), Math.min(bottom, height - 1)];
}

/** Whether there is anything in the box: finite corners, none turned over. */
export function isBox(box: Box): boolean {
  return box.every(Number.isFinite) && widthOf(box) > 0 && heightOf(box) > 0;
}
