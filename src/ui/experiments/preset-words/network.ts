import { type PresetAction, TRAIN, type WordsByName } from './preset-words.ts';

const FULL: PresetAction = { label: 'Train the whole matrices', does: { method: 'full' } };

export const words: WordsByName = {
  turned: {
    claim:
      'A small network reads upright digits, and one in ten if they are turned by 90°. LoRA at rank 4 trains 1,320 numbers beside its 8,832, and it reads about 95% of turned digits that it has never seen.',
    watch:
      'Pale digits are read wrongly, with the answer in red; green ones are newly right. The left grid improves while the right one gets worse: the network forgets upright digits. A tab for each matrix shows the singular values of its ΔW.',
    limits:
      'How much is forgotten differs between seeds far more than how much is learned: of the upright digits it still reads from 29% to 75%. Full fine-tuning, which trains all 8,832 numbers, ends at 97%.',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1 } }, FULL],
  },

  'nearly-full': {
    claim:
      'At rank 8 LoRA gains at least 95% of what full fine-tuning gains, on each of the seven tasks. At rank 1 it stays below that on six of them.',
    watch:
      'The dots are full fine-tuning, trained beside the run. Choose another task, or another rank, and train again.',
    limits:
      'A gain is the rise in held-out accuracy after 300 steps, each method at its automatic rate. In a task with little new to learn (5 to 9 alone), rank 1 nearly does it.',
    acts: [TRAIN, { label: 'Set rank 1', does: { rank: 1 } }, { label: 'Inverted', does: { adapt: 'invert' } }],
  },

  'inverted-rank-1': {
    claim:
      'Light digits on dark: at rank 1 the network reads 62 to 73% of them over five seeds, at rank 8 about as many as after full fine-tuning.',
    watch:
      'Inverted digits turn every pixel round, so every direction of the first matrix is wrong at once: of all tasks this is the one in which rank shows most.',
    limits: 'More steps do not close the gap: one direction in each of three matrices is too few.',
    acts: [TRAIN, { label: 'Set rank 8', does: { rank: 8 } }],
  },

  'full-spectrum': {
    claim:
      'The update of full fine-tuning is not low-rank: its two 64 × 64 matrices have effective ranks of about 28 and 32. LoRA at rank 8 gains 95% of the same accuracy with about 5 and 4.',
    watch:
      'In the tabs of the matrices the bars are LoRA’s ΔW, the dots that of full fine-tuning: a long tail. LoRA finds another update, of few directions, that does the same work.',
    limits:
      'A matrix of pure noise of this size has an effective rank of about 51. That LoRA works says that a low-rank update exists, not that fine-tuning finds it by itself.',
    acts: [TRAIN, FULL],
  },

  'cut-full': {
    claim:
      'Cut to rank 4, full fine-tuning reads 31 to 64% of the inverted digits over five seeds; LoRA trained at rank 4 reads more than nine in ten. Cut to rank 16, full fine-tuning is ahead again.',
    watch:
      'The directions that full fine-tuning needs are spread over its spectrum: the first four are no solution. Training at rank 4 looks for one from the start.',
    limits:
      'Which is better depends on the rank: from about 8 on, cutting is as good as training there, and it also costs the full training.',
    source: 'Eckart and Young, 1936: the cut keeps the best approximation of ΔW, not of the answers',
    acts: [TRAIN, FULL],
  },

  'new-answers': {
    claim:
      'To answer 9 − d to the same pictures, an adapter on the last matrix is enough: about 94%. One on the first matrix alone gets 77 to 87% right over five seeds.',
    watch:
      'The last matrix turns what the network has seen into an answer, so new answers are learned there. In adapters of language models this choice is called target modules.',
    limits:
      'At a higher rank and with more steps the first matrix catches up in part. Which matrix matters depends on what is new in a task; there is no one rule.',
    acts: [TRAIN, { label: 'Adapt the first instead', does: { modules: 'in' } }],
  },

  'new-pictures': {
    claim:
      'To read turned digits, an adapter on the first matrix alone does better, at 92%, than one on the last alone, at 80%.',
    watch:
      'The first matrix meets the pixels: pictures that are new are turned back there. The last one only sees what the first two have made of them.',
    limits: 'All three matrices together do better still. For new answers it is the other way round.',
    acts: [TRAIN, { label: 'Adapt the last instead', does: { modules: 'out' } }],
  },

  'one-matrix': {
    claim:
      'At rank 4 no matrix alone learns to read inverted digits: the first gets to 80%, the last to 72%. Adapters on the first two together get to 91%.',
    watch:
      'To invert the pixels, the first matrix would have to become its negative, and −2·W₀ has full rank. Two matrices can share the work.',
    limits: 'At a higher rank each comes closer.',
    acts: [TRAIN, { label: 'Adapt the first two', does: { modules: 'in,hidden' } }],
  },

  'slower-keeps': {
    claim:
      'At a fifth of the learning rate the network learns turned digits as well in 300 steps, and still reads 73% of the upright ones; at the higher rate 17%.',
    watch:
      'How far the matrices move decides what is forgotten: a high rate continues to move them long after the task is learned.',
    limits:
      'At a rate that is lower still, the new task is not learned in 300 steps. The cure for forgetting is old digits in each batch, which this experiment does not have.',
    acts: [TRAIN, { label: 'Set rate 0.002', does: { lr: 0.002 } }],
  },

  'kept-at-equal': {
    claim:
      'At the step at which it first has 95% of what full fine-tuning gains on mirrored digits, LoRA at rank 4 has forgotten more upright digits than full fine-tuning at the same accuracy.',
    watch:
      'It is often said that LoRA learns less and forgets less. Compare the two at equal accuracy, not at equal steps: LoRA has to move its few directions further for the same gain.',
    limits:
      'So it is on this task, at rank 4 and at the automatic rates. At the end of training, or at high ranks with a low rate, LoRA may have kept more: the learning rate decides.',
    source: 'for the opposite finding on language models: arXiv 2405.09673',
    acts: [TRAIN, { label: 'Set rank 16', does: { rank: 16 } }],
  },

  'only-five-to-nine': {
    claim:
      'A network that knows 0 to 4 and is taught 5 to 9 alone forgets what it knew: of 0 to 4 it then reads at most 3%. Taught all ten, it keeps 0 to 4.',
    watch:
      'After a few steps nearly every 0 to 4 is called something from 5 to 9: no example says that the old answers still exist.',
    limits: 'Full fine-tuning forgets as much. Old examples beside the new ones prevent it, with either method.',
    acts: [TRAIN, { label: 'Teach all ten', does: { adapt: 'zero-to-nine' } }],
  },

  contradiction: {
    claim:
      'Taught to answer 9 − d, the network gives up every old answer, with LoRA as with full fine-tuning: the same picture cannot have two answers.',
    watch: 'Both grids show the same pictures. What is right in one is wrong in the other.',
    limits: 'This is not forgetting that a lower rate could prevent: the two tasks contradict each other.',
    acts: [TRAIN, FULL],
  },

  'digit-starts': {
    claim:
      'After 50 steps on inverted digits LoRA-GA reads about 85%, EVA 79%, PiSSA and the usual start between 57% and 70%. After 300 steps all four are within a few percent.',
    watch:
      'LoRA-GA begins along the gradient of the first batch, EVA along the inputs of each matrix, PiSSA along the largest directions of W₀. A start saves steps; it does not decide where training ends.',
    limits:
      'Each start has its own automatic rate, which is part of what is compared. LoRA-GA needs twice the rank within the size of every matrix: at most rank 5 here.',
    source: 'arXiv 2407.05000, 2410.07170, 2404.02948',
    acts: [
      TRAIN,
      { label: 'Usual start', does: { init: 'kaiming-uniform' } },
      { label: 'EVA', does: { init: 'task-informed' } },
      { label: 'PiSSA', does: { init: 'pissa' } },
    ],
  },

  'which-matrices': {
    claim:
      'A decoder that copies eight symbols is to reverse them. Adapted in up and down alone it gets at most one symbol in six right, and one in 16 would be chance; in q and v alone, with a third fewer parameters, it learns it.',
    watch:
      'Up and down change each position by itself; to reverse, symbols have to come from other positions, and attention decides which. The tab Attention shows where each head looks, before and now.',
    limits:
      'At rank 8, after 400 steps, each at its automatic rate. It is this task that needs attention: to give other answers to the same digits, the last matrix is enough.',
    acts: [
      TRAIN,
      { label: 'Adapt q and v', does: { modules: 'q,v' } },
      { label: 'Adapt all six', does: { modules: '' } },
    ],
  },
};
