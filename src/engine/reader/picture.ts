import { fitted, greyscale, type ImageFormat, type ImageSize } from '../../experiment/matrix-file/image.ts';
import type { Fault } from '../../experiment/matrix-file/limits.ts';
import type { Found } from '../../experiment/matrix-file/own.ts';

/** Browsers end at different lengths, Chromium at 1,000,000 pixels in a PNG; none is known to end before this. */
const LONGEST_SIDE = 32_767;

/**
 * A picture as grey levels, scaled down to what a matrix may have. The browser decodes it, and may refuse. `size` is
 * what its header says.
 */
export async function readPicture(bytes: Uint8Array<ArrayBuffer>, size: ImageSize): Promise<Found | Fault> {
  const { format } = size;
  const bitmap = await decoded(bytes, format);
  if (!bitmap) return { fault: undecoded(size) };
  // The size as decoded: a camera's picture may say that it is to be turned.
  const { width, height } = fitted(bitmap.width, bitmap.height);
  const remark =
    width === bitmap.width && height === bitmap.height
      ? null
      : `Scaled down from ${bitmap.width} × ${bitmap.height} pixels.`;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) return { fault: 'the browser provides no canvas to read a picture with.' };
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const grey = greyscale(context.getImageData(0, 0, width, height).data, width, height);
  return { ...grey, format: `${format} picture, as grey levels`, remark };
}

/** Why the browser has refused a picture, as far as its header tells. */
export function undecoded({ format, width, height }: ImageSize): string {
  const kind = `the browser cannot decode this ${format} picture`;
  return Math.max(width, height) > LONGEST_SIDE
    ? `${kind} of ${width} × ${height} pixels: it is larger than what the browser decodes; scale it down to sides of up to ${LONGEST_SIDE} pixels.`
    : `${kind}: it is damaged or cut off.`;
}

async function decoded(bytes: Uint8Array<ArrayBuffer>, format: ImageFormat): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(new Blob([bytes], { type: `image/${format.toLowerCase()}` }));
  } catch {
    return null;
  }
}
