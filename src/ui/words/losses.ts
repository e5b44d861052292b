import { number } from '../../experiment/numbers.ts';
import { type Run, SHOWN } from '../../state/run.ts';

/** Where a run on samples has come to: the loss that counts, and the floor that it has; null for another target. */
export function lossWords({ ready, losses }: Run): string | null {
  const heldOut = losses.heldOut.at(-1);
  if (!ready?.samples || heldOut === undefined) return null;
  const floor = ready.samples.floors.heldOut;
  const known = Number.isNaN(floor) ? '' : `; floor ${number(floor)} for r = ${ready.modules[SHOWN].rank}`;
  return `held-out loss ${number(heldOut)}${known}`;
}
