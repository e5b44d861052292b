import { classifier } from '../network/classifier-target.ts';
import { digits } from '../network/digits-target.ts';
import { transformer } from '../network/transformer-target.ts';
import { catalogue } from '../settings/catalogue.ts';
import { decay } from './decay.ts';

import { edit } from './edit.ts';
import { lowRank } from './low-rank.ts';
import { matrixTarget } from './matrix.ts';
import { pictureTarget } from './picture.ts';
import { regression } from './regression.ts';
import { rotation } from './rotation.ts';
import type { Target } from './target.ts';

const all = [edit, lowRank, decay, rotation, pictureTarget, regression, digits, classifier, transformer, matrixTarget];
export type TargetName = (typeof all)[number]['name'];
export const targets = catalogue<Target<TargetName>>(all);
