/** Tall matrices and small ones in float64, SIMD. Addresses are in bytes; kernel.ts lays out the memory. */

export { bidiagonalise } from './bidiagonal';
export { cross, gram, product, reflect } from './blocks';
export { orthogonalise } from './jacobi';
export { packColumns, packRows, unpackColumns, unpackRows } from './numbers';
export { cholesky, core, invert } from './triangles';
