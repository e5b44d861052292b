import { zeros } from '../../math/matrix.ts';
import { variance } from '../variance.ts';
import { uniformRows } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const kaimingUniform = initialisation({
  name: 'kaiming-uniform',
  place: 1,
  label: 'Kaiming uniform',
  tile: 'kaiming',
  explanation: 'A is uniform within ±1/√k, B is zero: the layer starts unchanged.',
  source: 'PEFT’s default and Microsoft’s loralib: kaiming_uniform_ with a = √5',
  variance: ({ k }) => ({ A: variance('1/(3k)', 1 / (3 * k)), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: [],
  draw: ({ d, k, rank, streamA }) => ({ A: uniformRows(rank, k, 1 / Math.sqrt(k), streamA), B: zeros(d, rank) }),
});
