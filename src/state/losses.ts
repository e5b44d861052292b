/** Loss over all training samples and over those held out at some steps of a run, ascending in step. */
export interface KeptLosses {
  readonly steps: readonly number[];
  readonly training: readonly number[];
  readonly heldOut: readonly number[];
}

export const NO_LOSSES: KeptLosses = { steps: [], training: [], heldOut: [] };

/** More than a chart has columns. */
const MOST = 2000;

/**
 * Adds those of a step; where there are too many, every second one goes, the first and the last stay, and with them all
 * up to step `held`, which a file held.
 */
export function keepLosses(
  kept: KeptLosses,
  step: number,
  { training, heldOut }: { readonly training: number; readonly heldOut: number },
  held = -1,
): KeptLosses {
  const before = lossesUntil(kept, step - 1);
  const all = {
    steps: [...before.steps, step],
    training: [...before.training, training],
    heldOut: [...before.heldOut, heldOut],
  };
  const ours = all.steps.findIndex((at) => at > held);
  if (ours < 0 || all.steps.length - ours <= MOST) return all;
  const some = (list: readonly number[]) =>
    list.filter((_, i) => i < ours || (i - ours) % 2 === 0 || i === list.length - 1);
  return { steps: some(all.steps), training: some(all.training), heldOut: some(all.heldOut) };
}

/** Those up to and with a step. */
export function lossesUntil(kept: KeptLosses, last: number): KeptLosses {
  const count = kept.steps.findLastIndex((step) => step <= last) + 1;
  if (count === kept.steps.length) return kept;
  const { steps, training, heldOut } = kept;
  return { steps: steps.slice(0, count), training: training.slice(0, count), heldOut: heldOut.slice(0, count) };
}
