import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';

// A fresh machine may have no fonts at all, so the words are drawn with those of a package.
const fonts = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf', '700Bold/Inter_700Bold.ttf'];

/**
 * The drawing as a PNG, as wide as told (pixels), with the bundled fonts.
 *
 * @throws Error for text that is no SVG.
 */
export function renderPng(svg: string, { width }: { readonly width: number }): Buffer {
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = fonts.map((file) => resolve(`@expo-google-fonts/inter/${file}`));
  const drawing = new Resvg(svg, {
    fitTo: { mode: 'width', value: width },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter', sansSerifFamily: 'Inter' },
  });
  return drawing.render().asPng();
}
