/**
 * What the example applications share: plots as SVG and PNG, progress, options, output folders.
 *
 * @module @lossworks/example-kit
 */
export { contactSheet, type ContactSheetOptions, type SheetPicture } from './plot/contact-sheet.js';
export { curvesPlot, type Curve, type CurvePanel } from './plot/curves.js';
export { type Box, equalScales, type EqualScales } from './plot/equal-scales.js';
export { renderPng } from './plot/png.js';
export { pngSize } from './plot/png-size.js';
export { comparisonPlot, type Embedding, scatterPlot, type ScatterText } from './plot/scatter.js';
export { element, format, svgDocument, text } from './plot/svg.js';
export { digitColors, theme } from './plot/theme.js';
export { runApplication } from './terminal/application.js';
export { InputError } from './terminal/input-error.js';
export { choiceOption, numberOption, parseOptions, wholeNumberOption } from './terminal/options.js';
export { OutputFolder } from './terminal/output-folder.js';
export { createProgress, type Progress, type Terminal } from './terminal/progress.js';
export { table } from './terminal/table.js';
