/**
 * The layout of the memory. Matrices are padded with zeros, which stay zero and add nothing to any sum:
 * A by panels of 64 columns, a panel its R rows one after the other; B row by row, D rows of R numbers; −ΔW* by panels like
 * A, a panel its D rows. R and D are rank and d rounded up to multiples of 4.
 * The parameters of an optimiser are in one row of numbers: A, then B.
 */

/** Columns of a panel, rows of a tile: a tile of E and its parts of A, B and the gradients stay in the first cache. */
export const TILE: i32 = 64;
/** Bytes from one row of a panel or tile to the next, in float32 and in float64. */
export const STRIDE: usize = 256;
export const STRIDE64: usize = 512;
/** Most steps of one call. */
export const PACK: i32 = 256;

export let D: i32 = 0;
export let R: i32 = 0;
export let rank: i32 = 0;
export let columns: i32 = 0;
export let panels: i32 = 0;
/** Numbers in A and in A and B. */
export let lengthA: i32 = 0;
export let length: i32 = 0;

export let trainsA: bool = true;
export let trainsB: bool = true;

/** float32: −ΔW*, the factors, momentum's v or Adam's m, Adam's v. float64: the gradients over s. */
export let target: usize = 0;
export let theta: usize = 0;
export let gradient: usize = 0;
export let moment1: usize = 0;
export let moment2: usize = 0;
/** End of the state that a snapshot keeps: theta, gradient and the moments are contiguous. */
export let stateEnd: usize = 0;
/** s·B, four rows interleaved; a panel of A in strips, both in float32 or float64; a panel of A transposed; a tile of E. */
export let scaledB: usize = 0;
export let panelA: usize = 0;
export let panelT: usize = 0;
export let tile: usize = 0;
/** R × R: A·Aᵀ and Bᵀ·B, in float64 below the diagonal, and both whole in float32. */
export let gramA: usize = 0;
export let gramB: usize = 0;
export let gramA32: usize = 0;
export let gramB32: usize = 0;
/** float64, for steps that take both factors (pairs.as): eleven R × R matrices, and R × 8 numbers. */
export let squares: usize = 0;
export let chunk: usize = 0;
/** float64, in rows of two and five: Adam's corrections before each step of a pack, the entries after it. */
export let corrections: usize = 0;
export let entries: usize = 0;

/** Used columns of a panel: 64, in the last one the rest, rounded up to a multiple of 8. */
@inline
export function widthOf(panel: i32): i32 {
  return min(TILE, (columns - panel * TILE + 7) & ~7);
}

let top: usize = 0;

function take(numbers: i32, bytes: usize): usize {
  const at = top;
  top = (at + <usize>numbers * bytes + 63) & ~63;
  return at;
}

/** Lays out a run and grows the memory; false if it does not suffice. Called once, on fresh memory. */
export function open(d: i32, k: i32, r: i32, A: bool, B: bool): bool {
  trainsA = A;
  trainsB = B;
  D = (d + 3) & ~3;
  rank = r;
  R = (r + 3) & ~3;
  columns = k;
  panels = (k + TILE - 1) / TILE;
  lengthA = panels * R * TILE;
  length = lengthA + D * R;
  top = 64;
  theta = take(length, 4);
  gradient = take(length, 8);
  moment1 = take(length, 4);
  moment2 = take(length, 4);
  stateEnd = top;
  scaledB = take(D * R, 8);
  panelA = take(R * TILE, 8);
  panelT = take(R * TILE, 4);
  tile = take(TILE * TILE, 4);
  gramA = take(R * R, 8);
  gramB = take(R * R, 8);
  gramA32 = take(R * R, 4);
  gramB32 = take(R * R, 4);
  squares = take(11 * R * R, 8);
  chunk = take(8 * R, 8);
  corrections = take(2 * PACK, 8);
  entries = take(5 * PACK, 8);
  target = take(panels * D * TILE, 4);
  const pages = <i32>((top + 0xffff) >> 16) - memory.size();
  return pages <= 0 || memory.grow(pages) >= 0;
}
