import { catalogue } from '../settings/catalogue.ts';
import { corda, fromFile, loraGa, taskInformed } from './informed.ts';
import {
  bothRandom,
  bothZero,
  gaussian,
  gaussianPeft,
  initB,
  kaimingNormal,
  kaimingUniform,
  symmetric,
} from './random.ts';
import { aligned, loftq, mica, milora, olora, orthogonal, orthonormal, pissa, qpissa, svd } from './spectral.ts';

const listed = catalogue([
  kaimingUniform,
  gaussian,
  svd,
  bothZero,
  gaussianPeft,
  kaimingNormal,
  initB,
  symmetric,
  bothRandom,
  taskInformed,
  orthonormal,
  aligned,
  orthogonal,
  pissa,
  milora,
  olora,
  corda,
  loraGa,
  mica,
  loftq,
  qpissa,
]);
/** `all` is the list; beside it there is `file`, for data that holds A and B. */
export const inits = { ...catalogue([...listed.all, fromFile]), all: listed.all };
export type InitName = keyof typeof inits.labels;
