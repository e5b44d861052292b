import { presets } from '../../../experiment/presets.ts';
import { presetWords } from '../../../ui/experiments/preset-words/words-by-preset.ts';
import { meaningOf, TERM_NAMES, type TermName, termHeading } from '../../glossary/terms.ts';
import type { LessonEntry } from '../../step.tsx';

export type SearchTarget =
  | { readonly kind: 'lesson'; readonly lesson: string; readonly step: number }
  | { readonly kind: 'place'; readonly view: 'plan' | 'adapters' | 'smaller' }
  | { readonly kind: 'experiment'; readonly preset: string }
  | { readonly kind: 'term'; readonly term: TermName };

export interface SearchHit {
  readonly place: SearchTarget;
  readonly title: string;
  readonly about: string;
}

export const GROUPS: Readonly<Record<SearchTarget['kind'], string>> = {
  place: 'Places',
  lesson: 'Lessons',
  experiment: 'Experiments',
  term: 'Glossary',
};

interface SearchEntry extends SearchHit {
  /** Both as from `plainText`: the name, and all other text. */
  readonly name: string;
  readonly text: string;
}

/** What people look for that a place answers, by the words of tools and papers. */
const PLACES = [
  [
    'plan',
    'Plan a run',
    'target modules, rank, memory and time for your model; LoraConfig to copy',
    'LoraConfig target modules QLoRA memory VRAM GPU config.json kohya cost calculator',
  ],
  [
    'adapters',
    'Adapters',
    'what a LoRA file holds: spectra, norms, what is broken; merge and convert',
    'safetensors PEFT LoRA file merge convert',
  ],
  [
    'smaller',
    'Make it smaller',
    'a smaller LoRA file with the least error for its size',
    'resize compress safetensors',
  ],
] as const;

export function searchEntries(lessons: readonly LessonEntry[]): readonly SearchEntry[] {
  const ofLessons = lessons.flatMap(({ name, title, question, steps }, n) => [
    entry({ kind: 'lesson', lesson: name, step: 1 }, title, `Lesson ${n}. ${question}`, name),
    ...steps.map((step, i) =>
      entry({ kind: 'lesson', lesson: name, step: i + 1 }, step, `Lesson ${n}, step ${i + 1}: ${title}`),
    ),
  ]);
  const ofPresets = presets.all.map(({ name, label }) => {
    const { claim, watch } = presetWords(name);
    return entry({ kind: 'experiment', preset: name }, label, claim, `${name} ${watch}`);
  });
  const ofTerms = TERM_NAMES.map((term) => {
    const { plain: says, algebra, lora, also = [] } = meaningOf(term);
    return entry(
      { kind: 'term', term },
      termHeading(term),
      says,
      `${also.join(' ')} ${algebra} ${lora}`,
      also.join(' '),
    );
  });
  const ofPlaces = PLACES.map(([view, title, about, names]) => entry({ kind: 'place', view }, title, about, '', names));
  return [...ofPlaces, ...ofLessons, ...ofPresets, ...ofTerms];
}

function entry(place: SearchTarget, title: string, about: string, more = '', names = ''): SearchEntry {
  return { place, title, about, name: plainText(`${title} ${names}`), text: plainText(`${about} ${more}`) };
}

const GREEK: Readonly<Record<string, string>> = { α: 'alpha', δ: 'delta', λ: 'lambda', σ: 'sigma', Δ: 'delta ' };

/** Lower case without accents; Greek letters by name; punctuation between words as a space. */
export function plainText(text: string): string {
  return text
    .replaceAll(/[αδλσΔ]/g, (letter) => GREEK[letter])
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('’', "'")
    .replaceAll(/[^\p{L}\p{N}'*]+/gu, ' ')
    .trim();
}

const MOST = 6;

/** Entries with every word of the query, best first, by group; empty groups are left out. */
export function find(
  query: string,
  all: readonly SearchEntry[],
): readonly (readonly [kind: SearchTarget['kind'], found: readonly SearchHit[]])[] {
  const words = plainText(query).split(' ').filter(Boolean);
  if (words.length === 0) return [];
  const ranked = all
    .map((one) => ({ one, rank: rankOf(one, words) }))
    .filter(({ rank }) => rank > 0)
    .toSorted((a, b) => b.rank - a.rank);
  return (Object.keys(GROUPS) as SearchTarget['kind'][]).flatMap((kind) => {
    const found = ranked.filter(({ one }) => one.place.kind === kind).map(({ one }) => one);
    return found.length > 0 ? [[kind, found.slice(0, MOST)] as const] : [];
  });
}

/** 0 if a word is missing; more if the name has it, most if the name begins with it. */
function rankOf({ name, text }: SearchEntry, words: readonly string[]): number {
  const query = words.join(' ');
  let rank = name === query ? 8 : name.startsWith(query) ? 4 : 0;
  for (const word of words) {
    // A word of one or two letters has to match whole or begin the name: "r" is in every text.
    const short = word.length < 3;
    if (` ${name}`.includes(` ${word}${short ? ' ' : ''}`) || name.endsWith(` ${word}`)) rank += 3;
    else if (!short && name.includes(word)) rank += 2;
    else if (!short && ` ${text}`.includes(` ${word}`)) rank += 1;
    else if (!(short && ` ${text} `.includes(` ${word} `)) && !name.startsWith(word)) return 0;
    else rank += 0.5;
  }
  return rank;
}
