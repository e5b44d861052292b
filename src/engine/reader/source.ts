import { imageFormat, imageSize } from '../../experiment/matrix-file/image.ts';
import { type Fault, LARGEST_FILE, MEGABYTE } from '../../experiment/matrix-file/limits.ts';
import { type Found, type OwnRead, ownMatrix, type Source } from '../../experiment/matrix-file/own.ts';
import { readMatrixFile, readMatrixText } from '../../experiment/matrix-file/read.ts';
import { readPicture } from './picture.ts';

/** Reads what a person brought. Anything may be in it: the answer is a matrix or a sentence. */
export async function readSource(source: Source): Promise<OwnRead> {
  return ownMatrix(typeof source === 'string' ? readMatrixText(source) : await readFile(source));
}

async function readFile(file: File): Promise<Found | Fault> {
  if (file.size > LARGEST_FILE)
    return {
      fault: `the file has ${Math.ceil(file.size / MEGABYTE)} MB; allowed are ${LARGEST_FILE / MEGABYTE} MB.`,
    };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!imageFormat(bytes)) return readMatrixFile(file.name, bytes);
  // Its header tells how large it would become, before anything is decoded.
  const size = imageSize(bytes);
  return 'fault' in size ? size : readPicture(bytes, size);
}
