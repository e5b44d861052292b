import { fullSize, offeredWhere } from './conditions.ts';
import { initialisation } from './initialisation.ts';
import { balancedFactors, firstTriplets } from './triplets.ts';

export const svd = initialisation({
  name: 'svd',
  label: 'SVD of ΔW*',
  short: 'SVD',
  explanation:
    'A and B start as the best rank-r approximation of ΔW*. On a matrix target that is already the Eckart–Young floor, so training cannot improve it.',
  source: 'Eckart and Young, Psychometrika 1, 1936',
  variance: () => ({ A: '√(Sᵣ/s)·Vᵣᵀ of ΔW*’s SVD, not random', B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['reference'],
  ...offeredWhere('Initialisation from the SVD of ΔW*', fullSize),
  draw: ({ rank, scaling, reference }) => balancedFactors(firstTriplets(reference(), rank), scaling),
});
