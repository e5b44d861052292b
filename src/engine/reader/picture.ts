import { type Fault, type Found, fitted, greyscale, type ImageFormat } from '../../experiment/matrix-file/index.ts';

/** A picture as grey levels, scaled down to what a matrix may have. The browser decodes it, and may refuse. */
export async function readPicture(bytes: Uint8Array<ArrayBuffer>, format: ImageFormat): Promise<Found | Fault> {
  const bitmap = await decoded(bytes, format);
  if (!bitmap) return { fault: `the browser cannot decode this ${format} picture: it is damaged or cut off.` };
  // The size as decoded: a camera's picture may say that it is to be turned.
  const { width, height } = fitted(bitmap.width, bitmap.height);
  const remark =
    width === bitmap.width && height === bitmap.height
      ? null
      : `Scaled down from ${bitmap.width} × ${bitmap.height} pixels.`;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) return { fault: 'the browser gives no canvas to read a picture with.' };
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  const grey = greyscale(context.getImageData(0, 0, width, height).data, width, height);
  return { ...grey, format: `${format} picture, as grey levels`, remark };
}

async function decoded(bytes: Uint8Array<ArrayBuffer>, format: ImageFormat): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(new Blob([bytes], { type: `image/${format.toLowerCase()}` }));
  } catch {
    return null;
  }
}
