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

/** Browsers' limits differ, Chromium's is 1,000,000 pixels in a PNG; none is known to be below this. */
const LONGEST_SIDE = 32_767;

/** A picture as grey levels, scaled down to a matrix's limits; the browser may refuse. `size`: from its header. */
async function readPicture(bytes: Uint8Array<ArrayBuffer>, size: ImageSize): Promise<MatrixSource | MatrixFault> {
  const { format } = size;
  const bitmap = await decoded(bytes, format);
  if (!bitmap) return { fault: decodeFault(size) };
  // The decoded size: a camera's picture may ask to be rotated.
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

/** The likely reason why the browser refused a picture, from its header. */
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

/** Reads an imported file or text, of any content: the result is a matrix or a sentence. */
export async function readSource(source: MatrixInput): Promise<OwnReading> {
  return ownMatrix(typeof source === 'string' ? readMatrixText(source) : await readFile(source));
}

async function readFile(file: File): Promise<MatrixSource | MatrixFault> {
  // Its type decides the size limit; nothing is larger than this.
  if (file.size > MAX_NPY_BYTES)
    return { fault: `the file is ${Math.ceil(file.size / MEGABYTE)} MB; the limit is ${MAX_NPY_BYTES / MEGABYTE} MB.` };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!imageFormat(bytes)) return readMatrixFile(file.name, bytes);
  // Its header gives the decoded size, before anything is decoded.
  const size = imageSize(bytes);
  return 'fault' in size ? size : readPicture(bytes, size);
}
