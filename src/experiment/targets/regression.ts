import { regressionUpdate } from '../regression/update.ts';
import { target } from '../target.ts';

/** ΔW* of a known rank, seen only through samples (X, (W₀ + ΔW*)·X + noise). */
export const regression = target({
  name: 'regression',
  place: 5,
  label: 'regression',
  explanation:
    'A low-rank update that is seen only through noisy samples: where they are few, rank acts as regularisation.',
  caption: (s) => `rank ${s.truerank}, from samples`,
  params: ['truerank', 'samples', 'condition', 'labelnoise', 'batch'],
  hasSamples: true,
  maxSize: 1024,
  build: regressionUpdate,
});
