import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { presets } from '../../../experiment/presets.ts';
import { Announced } from '../../../kit/announced.tsx';
import { Group } from '../../../kit/button.tsx';
import { plainText, queryWords, wordRank } from '../../../kit/search/search-words.ts';
import { choosePreset } from '../../../ui/bar/experiments.tsx';
import { presetWords } from '../../../ui/experiments/preset-words/words-by-preset.ts';
import { useDispatch } from '../../../ui/page.tsx';
import { meaningOf, TERM_NAMES, type TermName, termHeading } from '../../glossary/terms.ts';
import { LESSONS } from '../../list.ts';
import type { LessonEntry } from '../../step.tsx';
import { useLessonOpener } from '../reader.tsx';

type SearchTarget =
  | { readonly kind: 'lesson'; readonly lesson: string; readonly step: number }
  | { readonly kind: 'place'; readonly view: 'plan' | 'adapters' | 'smaller' | 'clinic' }
  | { readonly kind: 'experiment'; readonly preset: string }
  | { readonly kind: 'term'; readonly term: TermName };

interface SearchHit {
  readonly place: SearchTarget;
  readonly title: string;
  readonly about: string;
}

const GROUPS: Readonly<Record<SearchTarget['kind'], string>> = {
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
  [
    'clinic',
    'Clinic',
    'what is wrong with it? Twelve complaints, each with the switch that cures it',
    'NaN loss flat staircase does nothing overfitting forgot trouble problem diagnosis debug help wrong broken',
  ],
] as const;

/** What each lesson is about, by the words that people type; a test compares them with the terms of its text. */
const LESSON_WORDS: Readonly<Record<string, string>> = {
  'what-is-lora': 'LoRA frozen weight rank direction floor α adapter fine-tuning matrix',
  'by-hand': 'rank gradient channel down-projection learning rate step calculate exercise',
  rank: 'floor singular value SVD Eckart–Young Frobenius norm outer product energy column space predict prediction',
  cost: 'break-even rank bfloat16 bf16 optimiser state activation target module NF4 QLoRA memory VRAM parameters',
  scaling: 'α alpha SGD learning rate floor rsLoRA gradient Adam diverge scaling',
  starts:
    'initialisation initialization init Kaiming Gaussian seed PiSSA OLoRA EVA LoRA-GA Adam SGD gradient dead start B = 0',
  gradients: 'gradient channel central differences Adam backpropagation derivation',
  optimisers:
    'optimiser optimizer SGD Adam AdamW signSGD Muon ScaledGD LoRA-Pro LoRA+ momentum floor predict prediction',
  'low-rank': 'effective rank participation ratio stable rank intrinsic dimension spectrum',
  choosing: 'choose rank held-out error energy overfitting validation',
  beyond:
    'adapter update method DoRA OFT IA3 IA³ HiRA LoKr SHiRA floor singular value gradient which map compare PEFT variants',
  merging: 'merge bfloat16 bf16 NF4 quantised serving serve adapter inference latency combine add',
};

export function searchEntries(lessons: readonly LessonEntry[]): readonly SearchEntry[] {
  const ofLessons = lessons.flatMap(({ name, title, question, steps }, n) => [
    entry(
      { kind: 'lesson', lesson: name, step: 1 },
      title,
      `Lesson ${n}. ${question}`,
      `${name} ${LESSON_WORDS[name] ?? ''}`,
    ),
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

const MOST = 6;

interface Match {
  /** Words of the query that it has. */
  readonly words: number;
  /** More if the name has them, most if the name begins with the query. */
  readonly rank: number;
}

/** Entries with the most words of the query, all of them if there are such, by group; empty groups are left out. */
export function find(
  query: string,
  all: readonly SearchEntry[],
): readonly (readonly [kind: SearchTarget['kind'], found: readonly SearchHit[]])[] {
  const words = queryWords(query);
  if (words.length === 0) return [];
  const phrase = plainText(query);
  const matches = all.map((one) => ({ one, match: matchOf(one, words, phrase) }));
  const most = Math.max(1, ...matches.map(({ match }) => match.words));
  const matched = matches.filter(({ match }) => match.words === most).toSorted((a, b) => b.match.rank - a.match.rank);
  return (Object.keys(GROUPS) as SearchTarget['kind'][])
    .map((kind) => [kind, matched.filter(({ one }) => one.place.kind === kind)] as const)
    .filter(([, found]) => found.length > 0)
    .map(([kind, found]) => [kind, found.slice(0, MOST).map(({ one }) => one)] as const);
}

function matchOf({ name, text }: SearchEntry, words: readonly string[], phrase: string): Match {
  const ranks = words.map((word) => wordRank(name, text, word));
  const start = name === phrase ? 8 : name.startsWith(phrase) ? 4 : 0;
  return { words: ranks.filter((rank) => rank > 0).length, rank: ranks.reduce((sum, rank) => sum + rank, start) };
}

/** Searches lessons, experiments and the glossary; ↑ ↓ choose, Enter opens. */
export function Search({ setTerm }: { readonly setTerm: (name: TermName | null) => void }) {
  const all = useMemo(() => searchEntries(LESSONS), []);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [closed, setClosed] = useState(false);
  const id = useId();
  const read = useLessonOpener();
  const dispatch = useDispatch();
  const groups = useMemo(() => find(query, all), [query, all]);
  const found = groups.flatMap(([, list]) => list);
  const shown = found.length > 0 && !closed;
  const open = (place: SearchTarget) => {
    if (place.kind === 'lesson') return read(place.lesson, place.step);
    if (place.kind === 'place') return dispatch({ type: 'viewed', changes: { view: place.view, lesson: '', step: 1 } });
    if (place.kind === 'experiment') return choosePreset(place.preset, dispatch);
    setTerm(place.term);
    setQuery('');
    read('glossary');
  };
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0 && found.length > 0) {
      event.preventDefault();
      setClosed(false);
      setAt(shown ? (at + by + found.length) % found.length : at);
    } else if (event.key === 'Enter' && shown) {
      event.preventDefault();
      open(found[at].place);
    } else if (event.key === 'Escape' && query !== '') {
      event.preventDefault();
      setQuery('');
    }
  };
  return (
    <search className="find">
      <input
        type="search"
        role="combobox"
        aria-label="Search lessons, experiments and glossary"
        placeholder="Search lessons and glossary"
        autoComplete="off"
        aria-autocomplete="list"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-activedescendant={shown ? `${id}-${at}` : undefined}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
          setClosed(false);
        }}
        onKeyDown={press}
        onBlur={() => setClosed(true)}
        onFocus={() => setClosed(false)}
      />
      <Announced>{query.trim() === '' ? '' : saidOf(groups)}</Announced>
      {shown && (
        // Keeps the focus in the field on a press.
        <div
          id={id}
          role="listbox"
          aria-label="Found"
          className="found"
          onMouseDown={(event) => event.preventDefault()}
        >
          {groups.map(([kind, list]) => (
            <Group key={kind} aria-labelledby={`${id}-${kind}`}>
              <div className="group" id={`${id}-${kind}`}>
                {GROUPS[kind]}
              </div>
              {list.map((one) => {
                const i = found.indexOf(one);
                return (
                  <div
                    key={i}
                    id={`${id}-${i}`}
                    role="option"
                    tabIndex={-1}
                    aria-selected={i === at}
                    onClick={() => open(one.place)}
                    onKeyDown={press}
                    onMouseMove={() => setAt(i)}
                  >
                    <b className="clamp">{one.title}</b>
                    <span className="clamp soft">{one.about}</span>
                  </div>
                );
              })}
            </Group>
          ))}
        </div>
      )}
      {query.trim() !== '' && found.length === 0 && <p className="note">Nothing found for “{query.trim()}”.</p>}
    </search>
  );
}

function saidOf(groups: readonly (readonly [kind: SearchTarget['kind'], found: readonly SearchHit[]])[]): string {
  const all = groups.reduce((sum, [, list]) => sum + list.length, 0);
  if (all === 0) return 'Nothing found.';
  return `${all} found: ${groups.map(([kind, list]) => `${list.length} in ${GROUPS[kind]}`).join(', ')}.`;
}
