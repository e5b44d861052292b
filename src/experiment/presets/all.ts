export { deadStart } from './dead-start.ts';
export { firstStep } from './first-step.ts';
export { flatSpectrum } from './flat-spectrum.ts';
export { picture } from './picture.ts';
export { rankFloor } from './rank-floor.ts';
export { rankRegularises } from './rank-regularises.ts';
export { trueRank } from './true-rank.ts';
export { unusedRank } from './unused-rank.ts';
