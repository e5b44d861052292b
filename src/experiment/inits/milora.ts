import { fullSize, offeredWhere } from './conditions.ts';
import { handed, initialisation } from './initialisation.ts';
import { balancedFactors, lastTriplets } from './triplets.ts';

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
  ...offeredWhere('MiLoRA', fullSize),
  draw: ({ rank, scaling, baseTriplets }) =>
    balancedFactors(lastTriplets(handed(baseTriplets, 'baseTriplets')(), rank), scaling),
});
