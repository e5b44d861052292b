import { preset } from '../preset.ts';

export const intruders = preset({
  name: 'intruders',
  place: 10,
  label: 'Intruder dimensions',
  claim:
    'An update of rank 8 in directions of its own leaves 3 of the ten leading directions of the merged weight that W₀ has nothing like; the same update inside the leading directions of W₀ leaves none.',
  watch:
    'Train, then press m: the last lines count the intruder dimensions. Set the alignment with W₀ to 1, train and merge again.',
  limits:
    'Other seeds give 2 to 5, about 3 on average. W₀ is random here, without a spectrum of its own: from rank 16 on even an aligned update mixes its close directions. On a weight whose singular values fall like 1/√i, updates of half its norm leave about 1, 4, 3 and 0 at rank 1, 4, 16 and 64.',
  link: '#v=1&target=low-rank&d=128&k=128&rank=8&alpha=16&truerank=8&shape=equal&noise=0&steps=200&seed=3',
});
