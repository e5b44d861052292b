// What is said of the presets: loaded when somebody reads it.

import type { Experiment } from './settings/params.ts';

/** Something to do in an experiment that opens: a button beside what to watch. */
export interface Act {
  readonly label: string;
  /** What it does to the run; or settings that are changed, upon which it trains again. */
  readonly does: 'train' | 'step' | 'merge' | Partial<Experiment>;
}

const TRAIN: Act = { label: 'Train', does: 'train' };
const MERGE: Act = { label: 'Merge now', does: 'merge' };

/** What is said of one preset. */
export interface PresetWords {
  /** What a run shows: one sentence that a test checks. */
  readonly claim: string;
  /** What to watch. */
  readonly watch: string;
  /** When it does not hold. */
  readonly limits: string;
  /** The paper it comes from. */
  readonly source?: string;
  /** In the order in which they are to be done. */
  readonly acts: readonly Act[];
}

const WORDS: Readonly<Record<string, PresetWords>> = {
  sunglasses: {
    claim:
      'W₀ is an owl. At rank 8, ΔW learns a good pair of sunglasses: training ends within 1% of 0.073, the smallest error that any rank-8 matrix can have.',
    watch:
      'W begins as the same owl as W₀, then wears what ΔW has learned. At rank 1, one column times one row is only a dark bar, and the eyes shine through.',
    limits:
      'Some seeds need up to 400 steps to come this close. Sunglasses have few directions: an edit of many small spots would need a far higher rank (see the confetti).',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1, alpha: 2 } }],
  },

  hat: {
    claim:
      'The first four directions of the hat hold 99.8% of its energy: at rank 4 training ends within 1% of the best possible error, 0.040.',
    watch:
      'At rank 4 the hat in W looks complete. Set the rank to 1: the crown is there, but the brim is a smear. Every direction adds an edge.',
    limits:
      'A hat is made of rectangles that lie along rows and columns, the easiest shapes for a low rank. The same hat worn at an angle would need many more directions.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1, alpha: 2 } }],
  },

  confetti: {
    claim:
      'Confetti spreads over 60 directions, none of them much stronger than the next: at rank 8 no matrix gets below an error of 0.63, and training ends there.',
    watch:
      'The singular values of ΔW* fall slowly. W shows faint spots with ghosts along their rows and columns. Set the rank to 32: with half of all directions, ghosts remain.',
    limits:
      'A high rank does learn it: the error at rank 32 is 0.087, and at rank 60 it could be 0. But above rank 32 LoRA trains more numbers than W₀ has.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32, alpha: 64 } }],
  },

  pissa: {
    claim:
      'W₀ has strong leading directions here, and the update lies along them. With SGD, PiSSA’s error is below 0.08 after 10 steps, when that of Kaiming’s initialisation is still about 0.65; after 100 steps both are at the floor, about 0.044.',
    watch:
      'Train, then choose Kaiming: it starts from the same error and falls later. PiSSA’s B and A already point along the directions that ΔW* needs.',
    limits:
      'The lead is in speed, and clearest with SGD at the automatic learning rates: at three times its automatic rate, Kaiming’s initialisation is at an error of 0.08 to 0.29 after 10 steps. With Adam the two are at about 0.31 and 0.54. The update must also lie along W₀: see the case against.',
    source: 'PiSSA, arXiv 2404.02948',
    acts: [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
  },

  'pissa-against': {
    claim:
      'The same W₀, but an update that is independent of it: PiSSA stops at an error of about 0.84 and never gets lower, while Kaiming’s initialisation reaches about 0.044.',
    watch:
      'Train: the error stops at PiSSA’s own floor. s·B·A has only rank 8, and it must learn ΔW* and also give back the 8 directions that it took from W₀. Then choose Kaiming.',
    limits:
      'Updates of real models lie somewhere in between: at an alignment of 0.5 PiSSA’s own floor is near 0.5. No optimiser or learning rate gets below it; a higher rank does.',
    source: 'PiSSA, arXiv 2404.02948; compared fairly in arXiv 2602.04998',
    acts: [
      TRAIN,
      { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } },
      { label: 'Set alignment 0.5', does: { align: 0.5 } },
    ],
  },

  picture: {
    claim:
      'At rank 8, training ends within 2% of the best that any rank-8 matrix can do; at rank 32 the picture is sharper.',
    watch:
      'ΔW fills in from blank paper, large shapes first; the error falls to the dashed floor and stays there. The gradient of B does not stay small: with a fixed learning rate, Adam keeps A and B moving, so from about step 120 it rises again.',
    limits: 'The floor is about the error of the matrix. A picture with many fine rings needs more steps to reach it.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1 } }, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'true-rank': {
    claim:
      'With a target of true rank 8 and a little noise, the floor falls steeply up to r = 8, and a run at rank 8 leaves only the noise.',
    watch:
      'The spectrum of ΔW* drops sharply after i = 8; the error settles at the size of the noise, 5% of the signal.',
    limits: 'Real updates rarely drop so sharply: compare the decay target.',
    acts: [TRAIN],
  },

  'rank-floor': {
    claim:
      'With σᵢ = 1/√i, a run ends at the Eckart–Young floor of its rank; even half of all directions leave an error of 0.36.',
    watch: 'Train, raise the rank and train again: each run falls to the dashed curve and stays there.',
    limits: 'The floor bounds the error of the matrix, which equals the loss only when the inputs are white.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'dead-start': {
    claim: 'If both factors are zero, both gradients are exactly zero, and nothing ever moves.',
    watch:
      'Both gradient norms lie on the row of exact zeros; the error stays exactly 1, and the owl never gets its sunglasses. Choose any other initialisation and train again.',
    limits: 'Exact: it holds for every target, rank, optimiser and learning rate.',
    acts: [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
  },

  'flat-spectrum': {
    claim: 'A rotation has a flat spectrum: at rank r, no run can get below an error of √(1 − r/d).',
    watch:
      'All singular values of ΔW* are 1, so no direction is worth more than another, and the floor falls slowly to the very end.',
    limits: 'This is the worst case for low rank; updates in practice have falling spectra.',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'unused-rank': {
    claim: 'With 32 directions for a hat of rank 8, the effective rank of ΔW settles at that of the hat: 2.9.',
    watch: 'The cap is at 32; the effective rank of ΔW comes down to that of ΔW*.',
    limits: 'Noise in the target raises it, and so does a learning rate large enough to stir up unused directions.',
    acts: [TRAIN],
  },

  'rank-regularises': {
    claim:
      'With 48 noisy samples of an update of true rank 4, the held-out loss is lowest at r = 4: a smaller rank misses part of the update, a larger one learns the noise.',
    watch:
      'At r = 16 the training loss sinks below the held-out floor while the held-out loss turns and rises. At r = 4 the held-out loss ends lower.',
    limits:
      'With many samples (try 1,024) or little noise, a larger rank does no harm. This run trains to the end; stopping early would also regularise.',
    acts: [TRAIN, { label: 'Set rank 4', does: { rank: 4 } }],
  },

  'first-step': {
    claim:
      'One small SGD step from LoRA-GA’s initialisation moves ΔW along the leading directions of ΔW* (subspace match 1.00 at every i); from Kaiming’s it does not.',
    watch:
      'Press Train: the run is one step long. Point at the singular values: the read-out says how well the leading i directions of ΔW match those of ΔW*. Choose Kaiming and train again: the left singular vectors now match to 0.39 at i = 8.',
    limits:
      'Exact only for a small SGD step: at the automatic rate the match at i = 8 is 0.996, and Adam’s first step goes in another direction. A good first step does not mean a better end.',
    source: 'LoRA-GA, arXiv 2407.05000',
    acts: [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
  },

  bfloat16: {
    claim:
      'When this update is merged into a weight stored in bfloat16, 98% of it is lost after one step, 79% after 10, 17% after 100 and 2% at the end, as the update grows from 0.0001 to 0.08 of the norm of W₀.',
    watch:
      'Press Step once, then m to merge: in the bfloat16 column hardly anything of ΔW is left. Continue training, look back along the timeline and merge other steps.',
    limits:
      'In float32 practically nothing is lost at any of these steps. Other updates lose more or less: one concentrated in few entries loses less.',
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
};

/** By the name of the preset. */
export function wordsOf(preset: string): PresetWords {
  return WORDS[preset];
}
