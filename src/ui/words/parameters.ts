import { count, trimmed } from '../../charts/format.ts';
import { countsOf } from '../../experiment/counts.ts';

interface Shape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/** r(d + k) over dk in percent, never rounded onto 100 % from beside it. */
export function shareOf(e: Shape): string {
  const { share } = countsOf(e);
  const percent = trimmed(share * 100);
  if (percent === '100' && share !== 1) return share > 1 ? 'just over 100 %' : 'just under 100 %';
  return `${percent} %`;
}

/** What LoRA trains beside full fine-tuning, in words: a saving where there is one, else by how much it is more. */
export function comparison(e: Shape): string {
  const { trained, full, share } = countsOf(e);
  if (trained === full) return 'as many as full fine-tuning';
  if (share < 1) return `${trimmed(full / trained)} × fewer`;
  return `${trimmed((share - 1) * 100)} % more than full fine-tuning`;
}

/** The parameter line: r(d + k) against dk, the ratio, and the rank at which both are the same. */
export function parameterLine(e: Shape): string {
  const { trained, full, breakEven } = countsOf(e);
  return `Trained: r(d + k) = ${count(trained)} against dk = ${count(full)}, ${comparison(e)}; break-even at r = ${trimmed(breakEven)}`;
}
