import {
  fittedSize,
  greyscale,
  type ImageFormat,
  type ImageSize,
  imageFormat,
  imageSize,
} from '../../experiment/matrix-file/image.ts';
import { MAX_NPY_BYTES, type MatrixFault, MEGABYTE } from '../../experiment/matrix-file/limits.ts';
import {
  type MatrixInput,
  type MatrixSource,
  type OwnReading,
  ownMatrix,
} from '../../experiment/matrix-file/matrix-source.ts';
import { readMatrixFile, readMatrixText } from '../../experiment/matrix-file/read.ts';

/** Browsers end at different lengths, Chromium at 1,000,000 pixels in a PNG; none is known to end before this. */
const LONGEST_SIDE = 32_767;

/**
 * A picture as grey levels, scaled down to what a matrix may have. The browser decodes it, and may refuse. `size` is
 * what its header says.
 */
async function readPicture(bytes: Uint8Array<ArrayBuffer>, size: ImageSize): Promise<MatrixSource | MatrixFault> {
  const { format } = size;
  const bitmap = await decoded(bytes, format);
  if (!bitmap) return { fault: decodeFault(size) };
  // The size as decoded: a camera's picture may say that it is to be turned.
  const { width, height } = fittedSize(bitmap.width, bitmap.height);
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
export function decodeFault({ format, width, height }: ImageSize): string {
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

/** Reads what a person brought. Anything may be in it: the answer is a matrix or a sentence. */
export async function readSource(source: MatrixInput): Promise<OwnReading> {
  return ownMatrix(typeof source === 'string' ? readMatrixText(source) : await readFile(source));
}

async function readFile(file: File): Promise<MatrixSource | MatrixFault> {
  // What it is decides how large it may be; nothing is larger than this.
  if (file.size > MAX_NPY_BYTES)
    return { fault: `the file is ${Math.ceil(file.size / MEGABYTE)} MB; the limit is ${MAX_NPY_BYTES / MEGABYTE} MB.` };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!imageFormat(bytes)) return readMatrixFile(file.name, bytes);
  // Its header tells how large it would become, before anything is decoded.
  const size = imageSize(bytes);
  return 'fault' in size ? size : readPicture(bytes, size);
}
