/**
 * Width and height of a PNG in pixels, read from its header.
 *
 * @throws Error for anything else.
 */
export function pngSize(bytes: Uint8Array): { readonly width: number; readonly height: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 33 || view.getBigUint64(0) !== 0x89504e470d0a1a0an || view.getUint32(12) !== 0x49484452) throw new Error('this is no PNG');
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
