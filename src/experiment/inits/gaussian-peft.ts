import { zeros } from '../../math/matrix.ts';
import { variance } from '../variance.ts';
import { normalRows } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const gaussianPeft = initialisation({
  name: 'gaussian-peft',
  place: 5,
  label: 'Gaussian, as in PEFT',
  explanation: 'A is normal with standard deviation 1/r, much smaller than variance 1/r at high rank; B is zero.',
  source: 'PEFT, init_lora_weights="gaussian"',
  variance: ({ rank }) => ({ A: variance('1/r²', 1 / (rank * rank)), B: '0' }),
  filling: { A: 'noise', B: 'zero' },
  params: [],
  draw: ({ d, k, rank, streamA }) => ({ A: normalRows(rank, k, 1 / rank, streamA), B: zeros(d, rank) }),
});
