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

  'two-tasks': {
    claim:
      'A hat at rank 4 ends at an error of 0.040, sunglasses at rank 8 at 0.073. Both in one update need more: 0.136 at rank 8, and below 0.073 only from rank 11.',
    watch:
      'One update has to learn two edits that share next to no directions, so their ranks nearly add up. At rank 4 the hat is there, and the sunglasses are a bar; every further direction goes to the edit that has more left to gain.',
    limits:
      'Two edits that share directions need less: a second pair of sunglasses in the same rows would cost nothing. The edits are painted on the owl: press Draw to add a third.',
    source: 'Eckart and Young, 1936: the best approximation of a given rank',
    acts: [
      TRAIN,
      { label: 'Set rank 4', does: { rank: 4, alpha: 8 } },
      { label: 'Set rank 12', does: { rank: 12, alpha: 24 } },
    ],
  },

  'zero-start': {
    claim:
      'B = 0 costs no time: after 20 steps Kaiming’s initialisation is within 15% of one where A and B are both random. The one that is ahead, LoRA-GA, looks at the target first.',
    watch:
      'Random A and B move at once, but their product is noise that has to be unlearned: the error begins above 1. PEFT’s larger random values are still above 1 after 20 steps.',
    limits:
      'With Adam, and for a random σ of 0.05; a larger σ begins further away. With SGD the order is the same after 20 steps, and the random one is ahead at 60 (about 0.22 against 0.29).',
    source: 'LoRA, arXiv 2106.09685; LoRA-GA, arXiv 2407.05000',
    acts: [
      TRAIN,
      { label: 'Both random', does: { init: 'symmetric' } },
      { label: 'Use LoRA-GA', does: { init: 'lora-ga' } },
    ],
  },

  'own-floors': {
    claim:
      'PiSSA, MiLoRA, OLoRA and LoRA-GA take over a part of W₀, and each ends at a floor of its own: that of ΔW* plus what it has to give back.',
    watch:
      'Kaiming’s initialisation ends at the floor of rank 8. PiSSA and OLoRA hold strong directions of W₀ that this target does not need, and end far above it. LoRA-GA holds directions of ΔW*, and ends below it, since ΔW then has up to 16 directions.',
    limits:
      'The floors are exact; how far each lies from that of the rank depends on the target. Along the leading directions of W₀, PiSSA’s is no worse (see the case for).',
    source: 'PiSSA, arXiv 2404.02948; MiLoRA, arXiv 2406.09044; OLoRA, arXiv 2406.01775; LoRA-GA, arXiv 2407.05000',
    acts: [TRAIN, { label: 'Use PiSSA', does: { init: 'pissa' } }, { label: 'Use LoRA-GA', does: { init: 'lora-ga' } }],
  },

  'best-rate': {
    claim:
      'With Adam, one learning rate suits every rank: from rank 1 to 32, under α/r, α/√r and s = 1, the best lies between 0.01 and 0.05.',
    watch:
      'The green stays in the same columns from the top row to the bottom one, in all three panels: a rate that was tuned at a low rank can be kept when the rank is raised.',
    limits:
      'With SGD this is wrong under α/r (see the next experiment). At rank 32, 100 steps are too few to reach the floor, and the best rate costs luck: 0.02 can be up to 1.7 times worse than the best. Larger weights need smaller rates.',
    source: 'LoRA, arXiv 2106.09685; rsLoRA, arXiv 2312.03732',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'largest-rate': {
    claim:
      'With SGD, the largest rate that trains grows 100 times from rank 1 to 32 under α/r, 10 times under α/√r, and not at all under s = 1: under α/r one rate does not fit all ranks.',
    watch:
      'The edge where runs diverge is a staircase under α/r, a flatter one under α/√r, and upright under s = 1. Just left of it training is fastest.',
    limits:
      'On a 1-2-5 grid of rates; the edge is the same with 100 steps and with 300. With Adam nothing diverges up to a rate of 1, at any rank: it divides by the size of the gradient.',
    source: 'rsLoRA, arXiv 2312.03732; measured here',
    acts: [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  },

  'scaling-rule': {
    claim:
      'With SGD at one learning rate, a higher rank helps only under α/√r. Under α/r the error turns at rank 16 and rises again: at rank 64 it is 0.94, against 0.47.',
    watch:
      'Under α/r the gradient of B at step 0 falls as 1/√r, so a run at a high rank hardly moves in 100 steps. Under α/√r it stays level.',
    limits: 'Switch to Adam and the difference is gone. So it is with a rate tuned for each rank, or with more steps.',
    source: 'rsLoRA, arXiv 2312.03732',
    acts: [TRAIN, { label: 'Set rank 64', does: { rank: 64 } }, { label: 'Use α/√r', does: { scaling: 'rslora' } }],
  },

  'where-the-zero-goes': {
    claim:
      'With B = 0 and A of variance 1/k, SGD trains at four times the rate that A = 0 and B of variance 1/r allow, and reaches the floor; the other does not get there in 100 steps.',
    watch:
      'Try a rate of 0.2: B = 0 is at the floor after 100 steps, A = 0 diverges. At 0.05, where both train, A = 0 has hardly moved.',
    limits:
      'Here it is the variance that matters, not the side: B = 0 with A of variance 1/r diverges at the same rate as A = 0. With Adam both reach the floor, each at a rate of its own.',
    source: 'arXiv 2406.08447',
    acts: [
      TRAIN,
      { label: 'Make A zero', does: { init: 'init-b' } },
      { label: 'B zero, A with 1/r', does: { init: 'gaussian' } },
    ],
  },

  'two-rates': {
    claim:
      'A larger learning rate for B gains nothing here once the rate is tuned: each at its best rate, λ = 4 ends about a tenth above λ = 1, and λ = 16 about 1.6 times as high.',
    watch: 'With a larger λ the best rate of A moves to the left. The best cell of each row says what λ is worth.',
    limits:
      'The target is linear, and the inputs are white. On non-linear networks LoRA+ reports gains of about a tenth. At one low rate a larger λ looks better: it is only a larger rate.',
    source: 'LoRA+, arXiv 2402.12354',
    acts: [TRAIN, { label: 'Set λ = 4', does: { ratio: 4 } }, { label: 'Set λ = 16', does: { ratio: 16 } }],
  },

  cut: {
    claim:
      'Trained at rank 64 and cut to 32 by its SVD, this update is at the floor of rank 32 after 300 steps; trained at rank 32, it is still 1.3 to 1.5 times above it.',
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

/** By the name of the preset. */
export function wordsOf(preset: string): PresetWords {
  return WORDS[preset];
}
