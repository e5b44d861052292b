import { fullSize, offeredWhere, type Rule } from './conditions.ts';
import { handed, initialisation } from './initialisation.ts';
import { balancedFactors, lastTriplets } from './triplets.ts';

/** Where all r smallest singular values of W₀ are 0, so are A and B, and both gradients. */
const someLeft: Rule = ({ d, k, rank, baseRank = Math.min }) => {
  const zeros = Math.min(d, k) - baseRank(d, k);
  if (rank > zeros) return null;
  const why = `starts from the smallest singular values of W₀, and ${zeros} of them are 0 here, since the owl is symmetric: A and B would be zero and never move`;
  return { why, nearest: { target: 'low-rank' } };
};

export const milora = initialisation({
  name: 'milora',
  label: 'MiLoRA',
  explanation:
    'A and B take over the r smallest singular triplets of W₀; its main directions stay frozen. The layer starts unchanged.',
  source: 'MiLoRA, arXiv 2406.09044',
  variance: () => ({ A: '√(S/s)·Vᵀ, the last r of W₀’s SVD, not random', B: 'U·√(S/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['base'],
  moves: true,
  ...offeredWhere('MiLoRA', fullSize, someLeft),
  draw: ({ rank, scaling, baseTriplets }) =>
    balancedFactors(lastTriplets(handed(baseTriplets, 'baseTriplets')(), rank), scaling),
});
