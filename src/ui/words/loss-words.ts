import { number } from '../../experiment/numbers.ts';
import { type Run, SHOWN, shownModule } from '../../state/run/run.ts';

/** What decides the floor of a run: "for r = 4", "for rank 2r = 8" if the initialisation moved part of W₀, "with this B" if B is frozen. */
export function floorBy(run: Run): string {
  const module = shownModule(run);
  if (!module) return `for r = ${run.experiment.rank}`;
  const { d, k, rank, moved, frozenFactor } = module;
  if (frozenFactor) return `with this ${frozenFactor}`;
  // No sum of two matrices of rank r has more than all directions.
  if (moved) {
    const all = Math.min(d, k);
    return 2 * rank <= all ? `for rank 2r = ${2 * rank}` : `for rank ${all}`;
  }
  return `for r = ${rank}`;
}

/** Where a run on samples has come to: the loss that counts, and the floor that it has; null for another target. */
export function lossWords(run: Run): string | null {
  const { ready, losses } = run;
  const heldOut = losses.heldOut.at(-1);
  if (!ready?.samples || heldOut === undefined) return null;
  const floor = ready.samples.floors.heldOut;
  // That of s·B·A, which has rank r, whatever a start has moved.
  const module = ready.modules[SHOWN];
  const by = module.frozenFactor ? floorBy(run) : `for r = ${module.rank}`;
  const known = Number.isNaN(floor) ? '' : `; floor ${number(floor)} ${by}`;
  return `held-out loss ${number(heldOut)}${known}`;
}
