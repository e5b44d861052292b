import { variance } from '../variance.ts';
import { normalColumns, normalRows } from './draws.ts';
import { initialisation } from './initialisation.ts';

export const symmetric = initialisation({
  name: 'symmetric',
  place: 8,
  label: 'Symmetric, σ',
  explanation:
    'A and B are normal with the same σ: entries of BA have variance r·σ⁴ and perturb the output from the start.',
  source: 'textbook counter-example: neither factor is zero',
  variance: ({ sigma }) => ({ A: variance('σ²', sigma * sigma), B: variance('σ²', sigma * sigma) }),
  filling: { A: 'noise', B: 'noise' },
  params: ['sigma'],
  draw: ({ d, k, rank, sigma, streamA, streamB }) => ({
    A: normalRows(rank, k, sigma, streamA),
    B: normalColumns(d, rank, sigma, streamB),
  }),
});
