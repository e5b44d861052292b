import { words as after } from './after-training.ts';
import { words as start } from './init.ts';
import { words as method } from './method.ts';
import { words as network } from './network.ts';
import type { PresetWords, WordsByName } from './preset-words.ts';
import { words as rank } from './rank.ts';
import { words as rate } from './rate.ts';

const ALL: WordsByName = { ...rank, ...start, ...rate, ...method, ...after, ...network };

export function presetWords(preset: string): PresetWords {
  return ALL[preset];
}
