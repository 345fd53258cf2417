import { pngSize } from './png-size.js';
import { element, svgDocument, text } from './svg.js';
import { theme } from './theme.js';

/** A picture and what stands above it. */
export interface SheetPicture {
  /** Words above the picture. */
  readonly title: string;
  /** The bytes of a PNG file. */
  readonly png: Uint8Array;
}

/** How a contact sheet is laid out. */
export interface ContactSheetOptions {
  /** Words above all pictures. */
  readonly title: string;
  /** Pictures beside each other. */
  readonly columns: number;
  /** Every picture is as wide as this, in pixels of the drawing. */
  readonly frameWidth: number;
}

const inset = 20;
const gap = 18;
const header = 62;
const caption = 30;

/**
 * Pictures beside each other, row by row, as an SVG document that holds them.
 *
 * @throws Error for a picture that is no PNG.
 */
export function contactSheet(frames: readonly SheetPicture[], { title, columns, frameWidth }: ContactSheetOptions): string {
  const heights = frames.map(({ png }) => {
    const { width, height } = pngSize(png);
    return (frameWidth * height) / width;
  });
  const rows = Array.from({ length: Math.ceil(frames.length / columns) }, (_, row) => Math.max(...heights.slice(row * columns, (row + 1) * columns)));
  const top = (row: number): number => header + rows.slice(0, row).reduce((sum, height) => sum + height + caption + gap, 0);
  const width = 2 * inset + columns * frameWidth + (columns - 1) * gap;
  return svgDocument({ width, height: top(rows.length) + inset - gap, title, background: theme.background }, [
    text(title, { x: inset, y: 42, fontSize: 28, fontWeight: 700, fill: theme.ink }),
    ...frames.flatMap(({ title: words, png }, i) => {
      const [x, y] = [inset + (i % columns) * (frameWidth + gap), top(Math.floor(i / columns))];
      return [
        text(words, { x, y: y + 20, fontSize: 17, fill: theme.muted }),
        element('image', { x, y: y + caption, width: frameWidth, height: heights[i]!, href: `data:image/png;base64,${Buffer.from(png).toString('base64')}` }),
      ];
    }),
  ]);
}
