import { readFile, stat } from 'node:fs/promises';
import { InputError } from '@lossworks/example-kit';
import sharp from 'sharp';

/** An image in memory: red, green and blue from 0 to 255, one plane a channel (3, height, width). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

export interface ReadPictureOptions {
  /** The option that named the file, for errors. */
  readonly option: string;
  /** Length of the longer edge that the image is brought to, in pixels. */
  readonly size: number;
}

/** What decoding may cost: a few kilobytes of a hostile file can claim gigabytes. */
const mostPixels = 64_000_000;
const mostBytes = 256 * 2 ** 20;

/**
 * Reads a JPEG, PNG, WebP, GIF or TIFF file, turned as its camera was held, transparent parts white.
 *
 * @throws InputError where the file is missing, is no image, is damaged, or is larger than 64 megapixels.
 */
export async function readPicture(path: string, { option, size }: ReadPictureOptions): Promise<Picture> {
  const bytes = await fileBytes(path, option);
  try {
    // The head alone is read here, whatever it claims.
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > mostPixels) {
      throw new InputError(`${option}: ${path} has ${width} × ${height} pixels, more than the ${mostPixels / 1e6} million that are read; make it smaller first`);
    }
    const input = sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error' });
    const { data, info } = await input.autoOrient().flatten({ background: '#ffffff' }).toColourspace('srgb').resize({ width: size, height: size, fit: 'inside' }).raw().toBuffer({ resolveWithObject: true });
    return fromInterleaved(data, info);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${option}: ${path} cannot be read as an image (${String((error as Error).message).split('\n')[0]}); give a JPEG or PNG file`);
  }
}

/** The same picture in another size. */
export async function resized({ width, height, data }: Picture, to: { readonly width: number; readonly height: number }): Promise<Picture> {
  const result = await sharp(interleaved({ width, height, data }), { raw: { width, height, channels: 3 } }).resize({ ...to, fit: 'fill' }).raw().toBuffer({ resolveWithObject: true });
  return fromInterleaved(result.data, result.info);
}

export function encodePng({ width, height, data }: Picture): Promise<Buffer> {
  return sharp(interleaved({ width, height, data }), { raw: { width, height, channels: 3 } }).png({ compressionLevel: 9 }).toBuffer();
}

async function fileBytes(path: string, option: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes) throw new InputError(`${option}: ${path} has ${Math.round(size / 2 ** 20)} MB, more than the ${mostBytes / 2 ** 20} that are read; make it smaller first`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${option}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}); give the path of a JPEG or PNG file`);
  }
}

function fromInterleaved(bytes: Uint8Array, { width, height, channels }: { readonly width: number; readonly height: number; readonly channels: number }): Picture {
  const plane = width * height;
  const data = new Float32Array(3 * plane);
  // Grey images come with a single channel.
  for (let channel = 0; channel < 3; channel++) for (let i = 0; i < plane; i++) data[channel * plane + i] = bytes[i * channels + Math.min(channel, channels - 1)]!;
  return { width, height, data };
}

function interleaved({ width, height, data }: Picture): Uint8Array {
  const plane = width * height;
  const bytes = new Uint8ClampedArray(3 * plane);
  for (let i = 0; i < plane; i++) for (let channel = 0; channel < 3; channel++) bytes[3 * i + channel] = data[channel * plane + i]!;
  return new Uint8Array(bytes.buffer);
}
