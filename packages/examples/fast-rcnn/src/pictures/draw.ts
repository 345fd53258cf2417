import { type OutputFolder, renderPng } from '@lossworks/example-kit';

/** Writes a drawing as `NAME.svg` and, as wide as told (pixels), as `NAME.png`. */
export function draw(folder: OutputFolder, name: string, svg: string, width: number): void {
  folder.write(`${name}.svg`, svg);
  folder.write(`${name}.png`, renderPng(svg, { width }));
}
