import { golden, goldenGradients, handOver, lossError, lossStages, ragged } from './accuracy.ts';
import { exactness, packs, snapshots, tuning } from './behaviour.ts';
import { buffersOverRuns, compilesOf, countsOf } from './counts.ts';
import { twinErrors } from './twin.ts';

/** The steppers that need a browser, for steppers.spec.ts. */
const workbench = {
  buffersOverRuns,
  compilesOf,
  countsOf,
  exactness,
  golden,
  goldenGradients,
  handOver,
  lossError,
  lossStages,
  packs,
  ragged,
  snapshots,
  tuning,
  twinErrors,
};
export type Workbench = typeof workbench;
Object.assign(globalThis, { workbench });
