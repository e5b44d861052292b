import { zeros } from '../../math/matrix.ts';
import { variance } from '../variance.ts';
import { normalRows } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const kaimingNormal = initialisation({
  name: 'kaiming-normal',
  place: 6,
  label: 'Kaiming normal',
  explanation: 'A is normal with variance 1/k, so that each entry of Ax is as large as an entry of x; B is zero.',
  source: 'He et al., arXiv 1502.01852, with gain 1',
  variance: ({ k }) => ({ A: variance('1/k', 1 / k), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: [],
  draw: ({ d, k, rank, streamA }) => ({ A: normalRows(rank, k, 1 / Math.sqrt(k), streamA), B: zeros(d, rank) }),
});
