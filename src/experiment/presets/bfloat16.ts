import { preset } from '../preset.ts';

export const bfloat16 = preset({
  name: 'bfloat16',
  place: 9,
  label: 'Merging in bfloat16',
  claim:
    'Merged into a weight that is stored in bfloat16, 98 % of this update is lost after one step, 79 % after 10, 17 % after 100 and 2 % at the end: it grows from 0.0001 to nearly 0.1 of the norm of W₀.',
  watch:
    'Press Step once and then m, which merges: hardly anything of ΔW is left in the column bfloat16. Train on, look back along the timeline and merge other steps.',
  limits:
    'In float32 nothing to speak of is lost at any of these steps. How much another update loses depends on how it is spread as well: one that sits in few entries loses less.',
  link: '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&opt=sgd&lr=0.00057&steps=1000&seed=3',
});
