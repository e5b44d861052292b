import { zeros } from '../../math/matrix.ts';
import { initialisation } from './initialisation.ts';

export const bothZero = initialisation({
  name: 'both-zero',
  place: 4,
  label: 'Both zero',
  tile: 'both zero',
  explanation: 'The dead start: with A = B = 0 both gradients are exactly zero, at every step.',
  source: 'a mistake seen in real trainers',
  variance: () => ({ A: '0', B: '0' }),
  filling: { A: 'zero', B: 'zero' },
  params: [],
  draw: ({ d, k, rank }) => ({ A: zeros(rank, k), B: zeros(d, rank) }),
});
