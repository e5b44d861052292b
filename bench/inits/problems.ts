import type { InitName } from '../../src/experiment/inits/index.ts';
import type { OptimiserName } from '../../src/experiment/optimisers.ts';
import { decide, param } from '../../src/experiment/settings/experiment.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';

/** A target for all initialisations that it offers: d = k = 64, r = 8, true rank 8, s = 2, as the page opens. */
export interface Problem {
  readonly key: string;
  readonly title: string;
  readonly settings: Partial<Experiment>;
}

export const PROBLEMS: readonly Problem[] = [
  { key: 'independent', title: 'Low rank, independent of W₀', settings: { target: 'low-rank' } },
  {
    key: 'aligned',
    title: 'Low rank, inside the leading subspace of W₀ (align = 1)',
    settings: { target: 'low-rank', align: 1 },
  },
  {
    key: 'decaying',
    title: 'Low rank, independent of a decaying W₀',
    settings: { target: 'low-rank', base: 'decay' },
  },
  {
    key: 'decaying-aligned',
    title: 'Low rank, inside the leading subspace of a decaying W₀ (align = 1)',
    settings: { target: 'low-rank', base: 'decay', align: 1 },
  },
  {
    key: 'regression',
    title: 'Regression, coloured inputs (condition number 10, 256 samples, label noise 0.1, batches of 16)',
    settings: { target: 'regression' },
  },
];

/** Settings that are not given are at their defaults. */
export function experimentOf(problem: Problem, init: InitName, opt: OptimiserName, seed: number): Experiment {
  const wanted: Partial<Experiment> = { ...problem.settings, init, opt, seed };
  return decide((key, draft) => wanted[key] ?? param(key).default(draft));
}
