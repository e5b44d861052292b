import { preset } from '../preset.ts';

export const trueRank = preset({
  name: 'true-rank',
  place: 2,
  label: 'True rank 8',
  claim:
    'A target of true rank 8 with a little noise: the floor falls steeply to r = 8, and a run at rank 8 leaves only the noise.',
  watch: 'The spectrum of ΔW* has a cliff after i = 8; the error settles at the size of the noise, 5 % of the signal.',
  limits: 'Real updates rarely have such a cliff: compare the decay target.',
  link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05',
});
