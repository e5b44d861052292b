import { type PresetAction, TRAIN, type WordsByName } from './preset-words.ts';

const MERGE: PresetAction = { label: 'Merge now', does: 'merge' };

export const words: WordsByName = {
  bfloat16: {
    claim:
      'When this update is merged into a weight stored in bfloat16, 98% of it is lost after one step, 79% after 10, 17% after 100 and 2% at the end, as the update grows from 0.0001 to 0.08 of the norm of W₀.',
    watch:
      'Press Step once, then m to merge: in the bfloat16 column hardly anything of ΔW is left. Continue training, look back along the timeline and merge other steps.',
    limits:
      'In float32 practically nothing is lost at any of these steps. Other seeds lose 16% to 19% after 100 steps. Other updates lose more or less: one concentrated in few entries loses less.',
    acts: [{ label: 'Step', does: 'step' }, MERGE, TRAIN],
  },

  intruders: {
    claim:
      'After an update of rank 8 in directions of its own, three of the ten leading directions of the merged weight resemble nothing in W₀; after the same update within the leading directions of W₀, none do.',
    watch:
      'Train, then press m: the last lines count the intruder dimensions. Set the alignment with W₀ to 1, train and merge again.',
    limits:
      'Of 60 seeds, 53 give 2 to 5, six give 1 and one gives 6, about 3 on average; aligned, 56 give none and four give 1. W₀ is random here, with no dominant directions: from rank 16, even an aligned update mixes directions of similar strength. On a weight whose singular values fall like 1/√i, updates of half its norm leave about 1, 4, 3 and 0 at rank 1, 4, 16 and 64.',
    source: 'arXiv 2410.21228',
    acts: [TRAIN, MERGE, { label: 'Set alignment 1', does: { align: 1 } }],
  },

  cut: {
    claim:
      'Trained at rank 64 and cut to 32 by its SVD, this update is at the floor of rank 32 after 300 steps; trained at rank 32, it still ends at 1.3 to 1.6 times that floor.',
    watch:
      'Compare the errors of the two runs: a spare direction for everything makes training faster. The small picture on the page of experiments shows the cut; this page cannot cut a run itself.',
    limits:
      'The gain is speed. Where the spectrum falls slowly (choose the decay target) both end at the same error. Rank 64 is full rank here, so it trains more numbers than W₀ has while it lasts.',
    source: 'PEFT’s notes on converting adapters report the same for a language model',
    acts: [TRAIN, { label: 'Set rank 64', does: { rank: 64, alpha: 64 } }],
  },

  'same-directions': {
    claim:
      'After 50 steps, the four leading directions of ΔW at rank 8 and at rank 64 are the same (φ(4, 4) above 0.99). The next four agree less: they follow the noise.',
    watch:
      'ΔW* has four directions and noise. Train, then set the rank to 64: the first four singular values are the same, and the others are many and small.',
    limits:
      'Trained to the end, both learn the noise as well, and the first eight agree. φ(i, j) is measured between two runs; the chart shows the match with ΔW*.',
    source: 'LoRA, arXiv 2106.09685, section 7',
    acts: [TRAIN, { label: 'Set rank 64', does: { rank: 64 } }],
  },
};
