import { count, trim } from '../../experiment/numbers.ts';
import { type AdapterSize, countsOf, perRankFormula } from '../../experiment/settings/counts.ts';

/** What trains over dk in percent, never rounded onto 100% from beside it. */
export function shareOf(e: AdapterSize): string {
  const { share } = countsOf(e);
  const percent = trim(share * 100);
  if (percent === '100' && share !== 1) return share > 1 ? 'just over 100%' : 'just under 100%';
  return `${percent}%`;
}

/** What LoRA trains beside full fine-tuning, in words: a saving where there is one, else by how much it is more. */
export function parameterComparison(e: AdapterSize): string {
  const { trained, full, share } = countsOf(e);
  if (trained === full) return 'as many as full fine-tuning';
  if (share < 1) return `${trim(full / trained)}× fewer`;
  return `${trim((share - 1) * 100)}% more than full fine-tuning`;
}

/** The parameter line: r(d + k), or what is left of it where a factor is frozen, against dk, the ratio, and where both are the same. */
export function parameterLine(e: AdapterSize): string {
  const { trained, full, breakEven } = countsOf(e);
  const even =
    e.frozenFactor === null ? trim(breakEven) : `${e.frozenFactor === 'B' ? 'd' : 'k'} = ${count(breakEven)}`;
  return `Trainable: r${perRankFormula(e.frozenFactor)} = ${count(trained)}, against dk = ${count(full)} in W₀: ${parameterComparison(e)}. Break-even at r = ${even}.`;
}

/** "4,096 × 4,096", never broken inside. */
export function sizeText({ d, k }: { readonly d: number; readonly k: number }): string {
  return `${count(d)}\u00a0×\u00a0${count(k)}`;
}
