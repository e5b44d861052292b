import { words as after } from './after.ts';
import type { PresetWords, WordsByName } from './preset-words.ts';
import { words as rank } from './rank.ts';
import { words as rate } from './rate.ts';
import { words as start } from './start.ts';

const ALL: WordsByName = { ...rank, ...start, ...rate, ...after };

/** By the name of the preset. */
export function wordsOf(preset: string): PresetWords {
  return ALL[preset];
}
