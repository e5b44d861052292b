import { catalogue } from '../settings/catalogue.ts';
import { corda, loraGa, taskInformed } from './informed.ts';
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

export const inits = catalogue([
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
export type InitName = (typeof inits.all)[number]['name'];
