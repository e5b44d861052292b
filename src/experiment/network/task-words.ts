import type { AdaptationName } from './adaptations.ts';

interface TaskWords {
  /** Completes "It could read …" and "teaches it …". */
  readonly known: string;
  readonly taught: string;
  /** A word or two for the head of a grid and the name of a line. */
  readonly old: string;
  readonly new: string;
}

const upright = { known: 'upright digits', old: 'upright' };
const low = { known: '0 to 4', old: '0–4' };

export const TASK_WORDS: Readonly<Record<AdaptationName, TaskWords>> = {
  rotate: { ...upright, taught: 'digits turned by 90°', new: 'turned' },
  mirror: { ...upright, taught: 'mirrored digits', new: 'mirrored' },
  invert: { ...upright, taught: 'light digits on dark', new: 'inverted' },
  shuffle: { ...upright, taught: 'digits with their pixels shuffled', new: 'shuffled' },
  relabel: { ...upright, taught: 'to answer 9 − d', new: '9 − d' },
  'zero-to-nine': { ...low, taught: 'all ten digits', new: '0–9' },
  'five-to-nine': { ...low, taught: '5 to 9 alone', new: '5–9' },
  hand: { ...upright, taught: 'to read your hand', new: 'your hand' },
};
