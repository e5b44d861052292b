import { count, number, percent, trimmed } from '../../experiment/numbers.ts';
import type { MergeAnswer } from '../../state/view.ts';

/** The weight beside the adapter and what the adapter adds to it. Here and below x_low stands for a low "low". */
export interface MergeNames {
  readonly frozen: string;
  readonly update: string;
}

export function mergeNames(moved: boolean): MergeNames {
  return moved ? { frozen: 'W_frozen', update: 's·B·A' } : { frozen: 'W₀', update: 'ΔW' };
}

/** One row of the table: what, then a number for each format. */
export interface MergeRow {
  readonly what: string;
  readonly float32: string;
  readonly bfloat16: string;
  /** A bound of the row above. */
  readonly bound: boolean;
}

/** What merging does in each format. */
export function mergeRows(
  { float32, bfloat16, size }: MergeAnswer,
  { frozen, update }: MergeNames,
): readonly MergeRow[] {
  const row = (what: string, of: (numbers: MergeAnswer['float32']) => string, bound = false): MergeRow => ({
    ...{ what, bound },
    float32: of(float32),
    bfloat16: of(bfloat16),
  });
  return [
    row('largest |h_merged − h_unmerged|', ({ outputs }) => number(outputs.difference, 2)),
    row('rounding bound for these numbers', ({ outputs }) => number(outputs.bound, 2), true),
    row('worst-case bound', ({ worstCase }) => number(worstCase, 2), true),
    row(`after unmerging: largest |W − ${frozen}|`, ({ unmerged }) => number(unmerged.difference, 2)),
    row('rounding bound for these numbers', ({ unmerged }) => number(unmerged.bound, 2), true),
    row(`share of ${update} lost`, ({ lost }) => (size === 0 ? `nothing: ${update} = 0` : lostWords(lost))),
  ];
}

/** Shares too small to be read as a number of percent are only called small. */
function lostWords(lost: number): string {
  const value = 100 * lost;
  if (value >= 0.95) return percent(lost);
  return value < 0.001 ? 'less than 0.001%' : `${Number(value.toPrecision(1))}%`;
}

/** What the two bounds of the outputs are, and why the second is the larger. */
export const BOUNDS =
  'Both bounds of the outputs are rigorous. The first adds up the rounding of the actual sums: every product, every partial sum and every stored weight may be off by half of its last digit. The second holds for any sums of this length and is therefore larger.';

/** The headline, for eyes and screen readers. */
export function mergedWords({ float32: { outputs }, inputs }: MergeAnswer, step: number): string {
  const [found, bound] = [number(outputs.difference, 2), number(outputs.bound, 2)];
  return `Merging changes the outputs by at most ${found}. That is rounding: float32 allows up to ${bound} (${inputs} random inputs, step ${count(step)}).`;
}

/** What merging saves. */
export function savedWords({ d, k, rank }: { readonly d: number; readonly k: number; readonly rank: number }): string {
  const [full, adapter] = [d * k, rank * (d + k)];
  return `Unmerged, the layer costs dk + r(d + k) = ${count(full)} + ${count(adapter)} multiply-adds per input; merged, dk = ${count(full)}. The adapter adds ${trimmed((100 * adapter) / full)}%; merging removes it.`;
}

/** Why bfloat16 loses small updates, with the size of this one. */
export function smallWords({ size, bfloat16 }: MergeAnswer, { frozen, update }: MergeNames): string {
  const known =
    size === 0
      ? `Here ${update} = 0, so there is nothing to lose`
      : `Here ‖${update}‖/‖${frozen}‖ = ${number(size, 2)} and ${lostWords(bfloat16.lost)} of ${update} is lost`;
  return `bfloat16 keeps 8 binary digits of a number: a change of less than 1/512 of an entry is rounded away. ${known}. Random updates of 0.1, 0.01, 0.001 and 0.0001 times the weight’s norm lose about 2%, 17%, 79% and 98%.`;
}

/** How many of the leading directions are new. */
export function intruderWords(intruders: MergeAnswer['intruders'], d: number, k: number): string {
  if (intruders === null) return 'Counting …';
  if ('why' in intruders) return `Not counted: ${intruders.why}.`;
  const { before, after } = intruders;
  return `Among the ${Math.min(10, d, k)} leading directions: ${before} at step 0, ${after} in the merged weight.`;
}
