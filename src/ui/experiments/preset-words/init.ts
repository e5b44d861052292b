import { TRAIN, type WordsByName } from './preset-words.ts';

export const words: WordsByName = {
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

  'dead-start': {
    claim: 'If both factors are zero, both gradients are exactly zero, and nothing ever moves.',
    watch:
      'Both gradient norms lie on the row of exact zeros; the error stays exactly 1, and the owl never gets its sunglasses. Choose any other initialisation and train again.',
    limits: 'Exact: it holds for every target, rank, optimiser and learning rate.',
    acts: [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
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
};
