import { fullSize, offeredWhere } from './conditions.ts';
import { initialisation } from './initialisation.ts';
import { balancedFactors, firstTriplets } from './triplets.ts';

export const svd = initialisation({
  name: 'svd',
  label: 'SVD of ΔW*',
  tile: 'svd',
  explanation:
    'A and B start as the best rank-r approximation of ΔW*: at the Eckart–Young floor of a matrix target, where training cannot improve.',
  source: 'Eckart and Young, Psychometrika 1, 1936',
  variance: () => ({ A: '√(Sᵣ/s)·Vᵣᵀ of ΔW*’s SVD, not random', B: 'Uᵣ·√(Sᵣ/s)' }),
  filling: { A: 'ordered', B: 'ordered' },
  params: [],
  needs: ['reference'],
  ...offeredWhere('The start from the SVD of ΔW*', fullSize),
  draw: ({ rank, scaling, reference }) => balancedFactors(firstTriplets(reference(), rank), scaling),
});
