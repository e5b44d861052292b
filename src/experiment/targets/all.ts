export { decay } from './decay.ts';
export { lowRank } from './low-rank.ts';
export { matrixTarget } from './matrix.ts';
export { pictureTarget } from './picture.ts';
export { regression } from './regression.ts';
export { rotation } from './rotation.ts';
