import { imageFormat, imageSize } from '../../experiment/matrix-file/image.ts';
import { type Fault, LARGEST_NPY, MEGABYTE } from '../../experiment/matrix-file/limits.ts';
import { type Found, type OwnRead, ownMatrix, type Source } from '../../experiment/matrix-file/own.ts';
import { readMatrixFile, readMatrixText } from '../../experiment/matrix-file/read.ts';
import { readPicture } from './picture.ts';

/** Reads what a person brought. Anything may be in it: the answer is a matrix or a sentence. */
export async function readSource(source: Source): Promise<OwnRead> {
  return ownMatrix(typeof source === 'string' ? readMatrixText(source) : await readFile(source));
}

async function readFile(file: File): Promise<Found | Fault> {
  // What it is decides how large it may be; nothing is larger than this.
  if (file.size > LARGEST_NPY)
    return { fault: `the file is ${Math.ceil(file.size / MEGABYTE)} MB; the limit is ${LARGEST_NPY / MEGABYTE} MB.` };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!imageFormat(bytes)) return readMatrixFile(file.name, bytes);
  // Its header tells how large it would become, before anything is decoded.
  const size = imageSize(bytes);
  return 'fault' in size ? size : readPicture(bytes, size);
}
