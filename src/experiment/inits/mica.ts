import { zeros } from '../../math/matrix.ts';
import { fullSize, offeredWhere } from './conditions.ts';
import { handed, initialisation, variance } from './initialisation.ts';
import { lastTriplets } from './triplets.ts';

export const mica = initialisation({
  name: 'mica',
  label: 'MiCA',
  explanation:
    'B holds the last r left singular vectors of W₀ and stays frozen; A starts at zero and is the only factor that trains, so only updates within the span of these directions can be learned.',
  source: 'MiCA, arXiv 2604.01694',
  variance: ({ d }) => ({ A: '0', B: `not random, frozen: orthonormal columns, ${variance('1/d', 1 / d)}` }),
  filling: { A: 'zero', B: 'ordered' },
  params: [],
  needs: ['base'],
  frozen: 'B',
  ...offeredWhere('MiCA', fullSize),
  draw: ({ k, rank, baseTriplets }) => ({
    A: zeros(rank, k),
    B: lastTriplets(handed(baseTriplets, 'baseTriplets')(), rank).U,
  }),
});
