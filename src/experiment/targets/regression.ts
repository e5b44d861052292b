import { lowRank } from './low-rank.ts';
import { target } from './target.ts';

/** Dots of radius 2 at "x,y x,y …". */
const samplesAt = (places: string) => places.replace(/(\S+),(\S+) ?/g, 'M$1 $2m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0');

/** `truerank` equal singular values of 1 without a noise floor, seen only through samples (X, (W₀ + ΔW*)·X + noise). */
export const regression = target({
  name: 'regression',
  kind: 'samples',
  label: 'regression',
  explanation: 'A low-rank update seen only through noisy samples: when they are few, rank acts as regularisation.',
  caption: (s) => `rank ${s.truerank}, from samples`,
  params: ['truerank', 'samples', 'labelnoise', 'condition', 'batch'],
  sign: {
    lines: 'M6 42L44 7',
    dots: samplesAt('9,37 13,30 18,34 20,25 25,28 27,19 33,22 34,13 40,15 41,8 14,40 29,30'),
  },
  maxSize: 1024,
  // Independent of W₀; the bits of the low-rank target of that true rank.
  build: (context) =>
    lowRank.build({ ...context, settings: { ...context.settings, shape: 'equal', noise: 0, align: null } }),
});
