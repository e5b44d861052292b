import { catalogue } from '../catalogue.ts';
import { corda } from './corda.ts';
import { loraGa } from './lora-ga.ts';
import { mica } from './mica.ts';
import { milora } from './milora.ts';
import { olora } from './olora.ts';
import { orthogonal } from './orthogonal.ts';
import { pissa } from './pissa.ts';
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
import { svd } from './svd.ts';
import { taskInformed } from './task-informed.ts';

/** As lists show them. */
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
  orthogonal,
  pissa,
  milora,
  olora,
  corda,
  loraGa,
  mica,
]);
export type InitName = (typeof inits.all)[number]['name'];
