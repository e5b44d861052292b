import { zeros } from '../../math/matrix.ts';
import { variance } from '../variance.ts';
import { normalColumns } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const initB = initialisation({
  name: 'init-b',
  place: 7,
  label: 'B random, A zero',
  explanation: 'The mirror image of the usual start: B is normal with variance 1/r and A is zero.',
  source: 'arXiv 2406.08447',
  variance: ({ rank }) => ({ A: '0', B: variance('1/r', 1 / rank) }),
  filling: { A: 'zero', B: 'noise' },
  params: [],
  draw: ({ d, k, rank, streamB }) => ({ A: zeros(rank, k), B: normalColumns(d, rank, 1 / Math.sqrt(rank), streamB) }),
});
