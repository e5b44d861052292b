import { variance } from '../variance.ts';
import { uniformColumns, uniformRows } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const bothRandom = initialisation({
  name: 'both-random',
  place: 9,
  label: 'Both random',
  explanation: 'A is uniform within ±1/√k and B within ±1/√r: the output is perturbed from the start.',
  source: 'PEFT, init_lora_weights=False',
  variance: ({ k, rank }) => ({ A: variance('1/(3k)', 1 / (3 * k)), B: variance('1/(3r)', 1 / (3 * rank)) }),
  filling: { A: 'noise', B: 'noise' },
  params: [],
  draw: ({ d, k, rank, streamA, streamB }) => ({
    A: uniformRows(rank, k, 1 / Math.sqrt(k), streamA),
    B: uniformColumns(d, rank, 1 / Math.sqrt(rank), streamB),
  }),
});
