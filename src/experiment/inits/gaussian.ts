import { zeros } from '../../math/matrix.ts';
import { variance } from '../variance.ts';
import { normalRows } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const gaussian = initialisation({
  name: 'gaussian',
  place: 2,
  label: 'Gaussian',
  tile: 'gaussian',
  explanation: 'A is normal with variance 1/r, so that Ax is on average as long as x; B is zero.',
  source: 'LoRA, arXiv 2106.09685, with variance 1/r',
  variance: ({ rank }) => ({ A: variance('1/r', 1 / rank), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: [],
  draw: ({ d, k, rank, streamA }) => ({ A: normalRows(rank, k, 1 / Math.sqrt(rank), streamA), B: zeros(d, rank) }),
});
