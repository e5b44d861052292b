import type { AdaptationName } from './adaptations.ts';

interface TaskWords {
  /** Completes "It could …" and "teaches it …". */
  readonly known: string;
  readonly taught: string;
  /** A word or two for the head of a picture and the name of a line. */
  readonly old: string;
  readonly new: string;
}

const upright = { known: 'read upright digits', old: 'upright' };
const low = { known: 'read 0 to 4', old: '0–4' };
const spirals = { known: 'tell two spirals apart', old: 'spirals' };

export const TASK_WORDS: Readonly<Record<AdaptationName, TaskWords>> = {
  rotate: { ...upright, taught: 'digits turned by 90°', new: 'turned' },
  mirror: { ...upright, taught: 'mirrored digits', new: 'mirrored' },
  invert: { ...upright, taught: 'light digits on dark', new: 'inverted' },
  shuffle: { ...upright, taught: 'digits with their pixels shuffled', new: 'shuffled' },
  relabel: { ...upright, taught: 'to answer 9 − d', new: '9 − d' },
  'zero-to-nine': { ...low, taught: 'all ten digits', new: '0–9' },
  'five-to-nine': { ...low, taught: '5 to 9 alone', new: '5–9' },
  hand: { ...upright, taught: 'to read your hand', new: 'your hand' },
  'sort-down': {
    ...{ known: 'sort eight symbols upwards', old: 'upwards' },
    ...{ taught: 'to sort them downwards', new: 'downwards' },
  },
  'copy-reverse': {
    ...{ known: 'copy eight symbols', old: 'copy' },
    ...{ taught: 'to copy them in reverse', new: 'reverse' },
  },
  'base-6': { known: 'add in base 5', old: 'base 5', taught: 'to add in base 6', new: 'base 6' },
  'circles-spirals': {
    ...{ known: 'tell two circles apart', old: 'circles' },
    ...{ taught: 'to tell two spirals apart', new: 'spirals' },
  },
  'moons-rotated': {
    ...{ known: 'tell two half moons apart', old: 'moons' },
    ...{ taught: 'the same, turned by 90°', new: 'turned' },
  },
  'spirals-rotated': { ...spirals, taught: 'the same, turned by 90°', new: 'turned' },
  'spirals-relabelled': { ...spirals, taught: 'to answer the other class', new: 'swapped' },
};
