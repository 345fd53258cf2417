// What the benchmark runs as well.
export { picturePath } from './image/named-pictures.js';
export { readPicture } from './image/picture.js';
export { gramScales } from './style/gram.js';
export { styleContent, targetsOf } from './style/style-loss.js';
export { createStyleTransfer, type StyleTransfer, type StyleTransferOptions } from './style/style-transfer.js';
export { loadTrunk } from './trunk/trunk.js';
