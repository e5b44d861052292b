import { number } from '../../experiment/numbers.ts';
import type { Run } from '../../state/run.ts';

/** What decides the floor of a run: "for r = 4", "for rank 2r = 8" where a start has moved W₀, "with this B" where B is frozen. */
export function floorBy({ ready, experiment }: Run): string {
  if (!ready) return `for r = ${experiment.rank}`;
  if (ready.frozenFactor) return `with this ${ready.frozenFactor}`;
  // No sum of two matrices of rank r has more than all directions.
  if (ready.moved) {
    const all = Math.min(ready.d, ready.k);
    return 2 * ready.rank <= all ? `for rank 2r = ${2 * ready.rank}` : `for rank ${all}`;
  }
  return `for r = ${ready.rank}`;
}

/** Where a run on samples has come to: the loss that counts, and the floor that it has; null for another target. */
export function lossWords(run: Run): string | null {
  const { ready, losses } = run;
  const heldOut = losses.heldOut.at(-1);
  if (!ready?.samples || heldOut === undefined) return null;
  const floor = ready.samples.floors.heldOut;
  // That of s·B·A, which has rank r, whatever a start has moved.
  const by = ready.frozenFactor ? floorBy(run) : `for r = ${ready.rank}`;
  const known = Number.isNaN(floor) ? '' : `; floor ${number(floor)} ${by}`;
  return `held-out loss ${number(heldOut)}${known}`;
}
