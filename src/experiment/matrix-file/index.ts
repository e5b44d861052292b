/** A person's own matrix: from files, pasted text and pictures, and into a link and back. */

export { isMatrixData, LONGEST_MATRIX } from '../settings/data-kind.ts';
export { decodeMatrix, encodeMatrix } from './data.ts';
export { flatFault } from './flat.ts';
export { fitted, greyscale } from './grey.ts';
export { type ImageFormat, type ImageSize, imageFormat, imageSize, MOST_PIXELS } from './image-size.ts';
export {
  type Fault,
  isZero,
  LARGEST_FILE,
  LARGEST_SIDE,
  type MatrixRead,
  MEGABYTE,
  type ReadMatrix,
} from './limits.ts';
export { type Found, type OwnMatrix, type OwnRead, ownMatrix, type Source } from './own.ts';
export { readMatrixFile, readMatrixText } from './read.ts';
