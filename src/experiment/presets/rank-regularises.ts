import { preset } from '../preset.ts';

export const rankRegularises = preset({
  name: 'rank-regularises',
  place: 7,
  label: 'Rank as regularisation',
  claim:
    'From 48 noisy samples of an update of true rank 4, the held-out loss is lowest at r = 4: a smaller rank misses some of it, a larger one learns the noise.',
  watch:
    'At r = 16 the training loss sinks below the held-out floor while the held-out loss turns and rises. At r = 4 both end lower for new inputs.',
  limits:
    'With many samples (try 1,024) or little noise a larger rank does no harm. It is trained to the end here: stopping early regularises too.',
  link: '#v=1&target=regression&d=32&k=32&rank=16&alpha=16&truerank=4&samples=48&labelnoise=0.3&condition=1&batch=48&steps=800&opt=adam',
});
