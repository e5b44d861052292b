import { number } from '../../experiment/numbers.ts';
import { type ShownRun, shownModule } from '../../state/run/run.ts';
import { decidesOf } from '../../state/select.ts';

/** What decides the floor of a run: "for r = 4", "with PiSSA" if the initialisation moved part of W₀, "with this B" if B is frozen. */
export function floorBy(shown: ShownRun): string {
  const decides = decidesOf(shown.run);
  return decides === null
    ? `for r\u00a0=\u00a0${(shownModule(shown) ?? shown.run.experiment).rank}`
    : `with ${decides}`;
}

/** Where a run on samples has come to: the loss that counts, and the floor that it has; null for another target. */
export function lossWords(shown: ShownRun): string | null {
  const { ready, losses } = shown.run;
  const heldOut = losses.heldOut.at(-1);
  if (!ready?.samples || heldOut === undefined) return null;
  const floor = ready.samples.floors.heldOut;
  const by = floorBy(shown);
  const known = Number.isNaN(floor) ? '' : `; floor ${number(floor)} ${by}`;
  return `held-out loss ${number(heldOut)}${known}`;
}
