import { number, percent, plural } from '../../../experiment/numbers.ts';
import { median } from '../../file/warnings/check.ts';
import type { AdaptersState } from '../../state/adapters-state.ts';
import { allPairFigures, exactRank, type MergeNumbers, ROUNDING_ERROR } from '../../state/predictions.ts';

/** The headline of two adapters: how much they share, and the rank of their sum. */
export function pairSentence({ pair }: AdaptersState, numbers: MergeNumbers | null): string {
  if (!pair) return '';
  const { pairs } = pair.matched;
  if (pairs.length === 0) return 'The two adapters have no module in common: nothing can be compared.';
  const figures = allPairFigures(pair);
  if (!figures) return `${plural(pairs.length, 'module')} ${pairs.length === 1 ? 'matches' : 'match'}.`;
  const cosines = figures.map(({ cosine }) => cosine).filter(Number.isFinite);
  const middle = cosines.length === 0 ? null : median(cosines);
  const share = middle === null ? '' : `${sharing(middle)} (median cosine ${middle.toFixed(3).replace('-', '−')}). `;
  if (!numbers) return `${share}α is not known of both: their sum is not either.`;
  const { curve } = numbers;
  if (curve[0] === 0) return `${share}Their sum is zero.`;
  const needed = exactRank(curve);
  const { rank } = pair.plan;
  if (rank === null || rank >= needed) return `${share}Their sum needs rank ${needed}.`;
  return `${share}Their sum needs rank ${needed}; cut to rank ${rank}, it is ${percent(curve[rank] ?? 0)} off.`;
}

function sharing(cosine: number): string {
  if (cosine < -0.3) return 'The two adapters work against each other';
  if (Math.abs(cosine) < 0.03) return 'The two adapters share almost no direction';
  if (Math.abs(cosine) < 0.3) return 'The two adapters share little';
  return cosine < 0.9 ? 'The two adapters partly agree' : 'The two adapters do nearly the same';
}

export function linearWords(linear: number | null): string {
  if (linear === null) return ' Here the ranks differ: they cannot even be added.';
  if (linear < ROUNDING_ERROR) return ' Here they cancel each other.';
  if (!Number.isFinite(linear)) return ' Here the sum is zero and the cross terms are not.';
  if (linear > 0.95)
    return linear < 1.05
      ? ' Here they are as large as the sum itself.'
      : ` Here they are ${number(linear, 2)} times as large as the sum itself.`;
  return ` Here they are ${percent(linear)} of the sum.`;
}
