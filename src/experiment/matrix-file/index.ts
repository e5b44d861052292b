/** A person's own matrix: from files, pasted text and pictures, and into a link and back. */

export { isMatrixData } from '../settings/data-kind.ts';
export { flatFault } from '../targets/matrix.ts';
export { fitted, greyscale, type ImageFormat, type ImageSize, imageFormat, imageSize } from './image.ts';
export {
  type Fault,
  LARGEST_FILE,
  MEGABYTE,
} from './limits.ts';
export { decodeMatrix, encodeMatrix } from './matrix-data.ts';
export { type Found, type OwnRead, ownMatrix, type Source } from './own.ts';
export { readMatrixFile, readMatrixText } from './read.ts';
