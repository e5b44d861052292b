/** A person's own matrix: from files, pasted text and pictures, and into a link and back. */

export { isMatrixData, LONGEST_MATRIX } from '../settings/data-kind.ts';
export { flatFault } from '../targets/matrix.ts';
export { fitted, greyscale, type ImageFormat, type ImageSize, imageFormat, imageSize, MOST_PIXELS } from './image.ts';
export {
  type Fault,
  isZero,
  LARGEST_FILE,
  LARGEST_SIDE,
  type MatrixRead,
  MEGABYTE,
  type ReadMatrix,
} from './limits.ts';
export { decodeMatrix, encodeMatrix } from './matrix-data.ts';
export { type Found, type OwnMatrix, type OwnRead, ownMatrix, type Source } from './own.ts';
export { readMatrixFile, readMatrixText } from './read.ts';
