import type { Experiment } from './settings/params.ts';

/** Something to do in an experiment that opens: a button beside what to watch. */
export interface Act {
  readonly label: string;
  /** What it does to the run; or settings that are changed, upon which it trains again. */
  readonly does: 'train' | 'step' | 'merge' | Partial<Experiment>;
}

const TRAIN: Act = { label: 'Train', does: 'train' };
const MERGE: Act = { label: 'Merge now', does: 'merge' };

/** The acts of each preset by its name, in the order in which they are to be done. */
const ACTS: Readonly<Record<string, readonly Act[]>> = {
  sunglasses: [TRAIN, { label: 'Set rank 1', does: { rank: 1, alpha: 2 } }],
  hat: [TRAIN, { label: 'Set rank 1', does: { rank: 1, alpha: 2 } }],
  confetti: [TRAIN, { label: 'Set rank 32', does: { rank: 32, alpha: 64 } }],
  pissa: [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
  'pissa-against': [
    TRAIN,
    { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } },
    { label: 'Set alignment 0.5', does: { align: 0.5 } },
  ],
  picture: [TRAIN, { label: 'Set rank 1', does: { rank: 1 } }, { label: 'Set rank 32', does: { rank: 32 } }],
  'true-rank': [TRAIN],
  'rank-floor': [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  'dead-start': [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
  'flat-spectrum': [TRAIN, { label: 'Set rank 32', does: { rank: 32 } }],
  'unused-rank': [TRAIN],
  'rank-regularises': [TRAIN, { label: 'Set rank 4', does: { rank: 4 } }],
  'first-step': [TRAIN, { label: 'Use Kaiming instead', does: { init: 'kaiming-uniform' } }],
  bfloat16: [{ label: 'Step', does: 'step' }, MERGE, TRAIN],
  intruders: [TRAIN, MERGE, { label: 'Set alignment 1', does: { align: 1 } }],
};

export function actsOf(preset: string): readonly Act[] {
  return ACTS[preset] ?? [TRAIN];
}
