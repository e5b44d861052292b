import { preset } from '../preset.ts';

export const unusedRank = preset({
  name: 'unused-rank',
  place: 6,
  label: 'Effective rank stays low',
  claim: 'Given 32 directions for a target of rank 4, the effective rank of ΔW settles far below 32.',
  watch: 'The cap lies at 32; the effective rank of ΔW comes down to that of ΔW*.',
  limits: 'Noise in the target, or a rate so large that it stirs unused directions, raises it.',
  link: '#v=1&target=low-rank&d=64&k=64&rank=32&alpha=32&truerank=4&shape=equal&noise=0',
});
