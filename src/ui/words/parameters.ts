import { count, trim } from '../../experiment/numbers.ts';
import { type AdapterSize, countsOf, perRankFormula } from '../../experiment/settings/counts.ts';

/** Trained parameters over dk in percent, never rounded to 100% unless exact. */
export function shareOf(e: AdapterSize): string {
  const { share } = countsOf(e);
  const percent = trim(share * 100);
  if (percent === '100' && share !== 1) return share > 1 ? 'just over 100%' : 'just under 100%';
  return `${percent}%`;
}

export function parameterComparison(e: AdapterSize): string {
  const { trained, full, share } = countsOf(e);
  if (trained === full) return 'as many as full fine-tuning';
  if (share < 1) return `${trim(full / trained)}× fewer`;
  return `${trim((share - 1) * 100)}% more than full fine-tuning`;
}

/** r(d + k), or the trained part of it if a factor is frozen, against dk, their ratio, and the break-even rank. */
export function parameterLine(e: AdapterSize): string {
  const { trained, full, breakEven } = countsOf(e);
  if (e.own !== undefined)
    return `Trainable: ${count(trained)}, against dk = ${count(full)} in W₀: ${parameterComparison(e)}.`;
  const even =
    e.frozenFactor === null ? trim(breakEven) : `${e.frozenFactor === 'B' ? 'd' : 'k'} = ${count(breakEven)}`;
  return `Trainable: r${perRankFormula(e.frozenFactor)} = ${count(trained)}, against dk = ${count(full)} in W₀: ${parameterComparison(e)}. Break-even at r = ${even}.`;
}

/** "4,096 × 4,096" without line breaks. */
export function sizeText({ d, k }: { readonly d: number; readonly k: number }): string {
  return `${count(d)}\u00a0×\u00a0${count(k)}`;
}
