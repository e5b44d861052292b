import { MAX_FILE_BYTES, type MatrixFault, MEGABYTE } from './limits.ts';

export type ImageFormat = 'PNG' | 'JPEG' | 'GIF' | 'WebP' | 'BMP';

export interface ImageSize {
  /** In pixels, as stored: a JPEG may ask to be rotated, which exchanges the two once it is decoded. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
}

/** Decoded, such a picture takes 160 MB: the most that a browser should be asked for. */
const MOST_PIXELS = 40_000_000;

const text = (bytes: Uint8Array, at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));

export function imageFormat(bytes: Uint8Array): ImageFormat | null {
  if (text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'PNG';
  if (text(bytes, 0, 3) === '\xff\xd8\xff') return 'JPEG';
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'GIF';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'WebP';
  // Two letters are few: a table may begin with BM too, but not with a header size in bytes 14 to 17.
  if (text(bytes, 0, 2) === 'BM' && bytes.length > 18 && bytes[15] === 0 && bytes[16] === 0) return 'BMP';
  return null;
}

/** The size of a picture from its header, so that one that would fill the memory is refused before it is decoded. */
export function imageSize(bytes: Uint8Array): ImageSize | MatrixFault {
  if (bytes.length > MAX_FILE_BYTES)
    return {
      fault: `the picture is ${Math.ceil(bytes.length / MEGABYTE)} MB; the limit is ${MAX_FILE_BYTES / MEGABYTE} MB.`,
    };
  const format = imageFormat(bytes);
  if (!format) return { fault: 'not a readable image; use PNG, JPEG, GIF, WebP or BMP.' };
  const size = SIZES[format](bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  if (!size || size[0] < 1 || size[1] < 1)
    return { fault: `the header of the ${format} picture is damaged or cut off.` };
  const [width, height] = size;
  if (width * height > MOST_PIXELS)
    return { fault: `the picture has ${width} × ${height} pixels; the limit is ${MOST_PIXELS / 1e6} million.` };
  return { width, height, format };
}

type HeaderSize = readonly [width: number, height: number] | null;

const SIZES: Readonly<Record<ImageFormat, (bytes: Uint8Array, view: DataView) => HeaderSize>> = {
  PNG: (bytes, view) =>
    bytes.length >= 24 && text(bytes, 12, 4) === 'IHDR' ? [view.getUint32(16), view.getUint32(20)] : null,
  GIF: (bytes, view) => (bytes.length >= 10 ? [view.getUint16(6, true), view.getUint16(8, true)] : null),
  BMP: (bytes, view) => {
    const header = view.getUint32(14, true);
    if (header === 12 && bytes.length >= 22) return [view.getUint16(18, true), view.getUint16(20, true)];
    // A negative height means rows from the top down.
    return header >= 40 && bytes.length >= 26 ? [view.getInt32(18, true), Math.abs(view.getInt32(22, true))] : null;
  },
  WebP: webpSize,
  JPEG: jpegSize,
};

/** https://developers.google.com/speed/webp/docs/riff_container and RFC 6386, 9.1 */
function webpSize(bytes: Uint8Array, view: DataView): HeaderSize {
  const uint24 = (at: number) => bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
  switch (text(bytes, 12, 4)) {
    case 'VP8X':
      return bytes.length >= 30 ? [uint24(24) + 1, uint24(27) + 1] : null;
    case 'VP8L': {
      if (bytes.length < 25 || bytes[20] !== 0x2f) return null;
      const bits = view.getUint32(21, true);
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    }
    case 'VP8 ':
      if (bytes.length < 30 || uint24(23) !== 0x2a019d) return null;
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    default:
      return null;
  }
}

/** More segments than any camera writes before the picture; each is skipped in one step. */
const MOST_SEGMENTS = 5000;

/** The first frame header (SOF0 … SOF15 without DHT, JPG and DAC), ITU T.81, B.1 and B.2. */
function jpegSize(bytes: Uint8Array, view: DataView): HeaderSize {
  let at = 2;
  for (let n = 0; n < MOST_SEGMENTS && at + 9 <= bytes.length; n++) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    else if (marker === 0xd9 || marker === 0xda || marker === 0) return null;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

/** ITU-R BT.709 luma in ten-thousandths: integers, so that white is exactly 1 and black exactly 0. */
const [RED, GREEN, BLUE, SUM] = [2126, 7152, 722, 10_000];

/**
 * A picture as grey levels 0 … 1, height × width: the luma of the values as stored (no gamma removed, so that a step
 * looks the same in dark and light), over white by alpha. `rgba` as in ImageData, not multiplied by alpha. Throws
 * RangeError unless it holds width × height pixels.
 */
export function greyscale(
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
): { readonly rows: number; readonly cols: number; readonly data: Float32Array<ArrayBuffer> } {
  if (rgba.length !== 4 * width * height)
    throw new RangeError(`${rgba.length} values for a picture of ${width} × ${height}`);
  const data = new Float32Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const [p, alpha] = [4 * i, rgba[4 * i + 3]];
    const luma = RED * rgba[p] + GREEN * rgba[p + 1] + BLUE * rgba[p + 2];
    data[i] = (alpha * luma + (255 - alpha) * 255 * SUM) / (255 * 255 * SUM);
  }
  return { rows: height, cols: width, data };
}

/** Limit of rows or columns of an imported picture: more would show no more. */
const LARGEST_PICTURE = 1024;

/** The size to draw a picture at so that both sides fit a matrix: its shape kept, never enlarged, at least 1 × 1. */
export function fittedSize(width: number, height: number): { readonly width: number; readonly height: number } {
  const factor = Math.min(1, LARGEST_PICTURE / Math.max(width, height));
  const side = (n: number) => Math.max(1, Math.round(n * factor));
  return { width: side(width), height: side(height) };
}
