import { catalogue } from '../catalogue.ts';
import { decay } from './decay.ts';
import { lowRank } from './low-rank.ts';
import { matrixTarget } from './matrix.ts';
import { pictureTarget } from './picture.ts';
import { regression } from './regression.ts';
import { rotation } from './rotation.ts';

/** As lists show them. */
export const targets = catalogue([lowRank, decay, rotation, pictureTarget, regression, matrixTarget]);
