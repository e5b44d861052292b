/** Loops over large matrices in float64, SIMD: every entry takes its terms in the order of the loops in TypeScript. */

export { gather, timesVector } from './bidiagonal';
export { takeBlocks } from './blocks';
export { largest, rounded, scale, squares } from './held';
export { addProduct, joinProduct, multiply, pack, takeProduct } from './multiply';
export { draw } from './normal';
export { fromPanel, signs, toPanels, toPanelsAcross, triangle } from './panels';
export { factorPanel, formPanel } from './reflect';
export { times32, times64, transposeTimes32, transposeTimes64 } from './vectors';
