import type { Factors } from '../model.ts';

/** The factors of a module by means over blocks, to be drawn: the block means of s·B·A are exactly s times their product. */
export interface BlockMeans {
  /** Row by row, blocksOfRows × r and r × blocksOfCols. */
  readonly B: Float32Array;
  readonly A: Float32Array;
  readonly blocksOfRows: number;
  readonly blocksOfCols: number;
  /** Rows and columns of ΔW in a block; the last of each may have fewer. */
  readonly block: readonly [number, number];
}

/** Means over so many rows of B and columns of A that neither gives more than `most` blocks. */
export function blockMeans({ B, A }: Factors, most: number): BlockMeans {
  const r = B.cols;
  const rowsOfBlock = Math.max(1, Math.ceil(B.rows / most));
  const colsOfBlock = Math.max(1, Math.ceil(A.cols / most));
  const blocksOfRows = Math.ceil(B.rows / rowsOfBlock);
  const blocksOfCols = Math.ceil(A.cols / colsOfBlock);
  const up = new Float64Array(blocksOfRows * r);
  const down = new Float64Array(r * blocksOfCols);
  for (let i = 0; i < B.rows; i++) {
    const to = Math.floor(i / rowsOfBlock) * r;
    for (let j = 0; j < r; j++) up[to + j] += B.data[i * r + j];
  }
  for (let i = 0; i < r; i++) {
    for (let j = 0; j < A.cols; j++) down[i * blocksOfCols + Math.floor(j / colsOfBlock)] += A.data[i * A.cols + j];
  }
  return {
    B: Float32Array.from(up, (sum, at) => sum / lengthOf(Math.floor(at / r), rowsOfBlock, B.rows)),
    A: Float32Array.from(down, (sum, at) => sum / lengthOf(at % blocksOfCols, colsOfBlock, A.cols)),
    blocksOfRows,
    blocksOfCols,
    block: [rowsOfBlock, colsOfBlock],
  };
}

/** Entries in block `index` of `size` each, of `all`. */
function lengthOf(index: number, size: number, all: number): number {
  return Math.min(size, all - index * size);
}
