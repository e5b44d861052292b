import { scaledBy } from '../file/figures.ts';
import type { Adapter, AlphaAnswer, Figures, Matched, MergePlan, PairFigures } from '../file/model.ts';
import { withAlpha } from '../file/scaling.ts';
import { warningsOf } from '../file/warnings/warnings.ts';
import {
  type AdapterNotice,
  type AdaptersEvent,
  type AdaptersState,
  type BroughtFile,
  type FilePair,
  isConfig,
  type OpenedFile,
} from './adapters-state.ts';
import { cutOf } from './foretold.ts';

type PairEvent = Extract<
  AdaptersEvent,
  { type: 'matched' | 'compared' | 'pair-colour' | 'choose-pair' | 'merge' | 'swap' }
>;

const PLAN: MergePlan = { weights: [1, 1], rank: null, others: 'carried', dtype: null };

/** Two files side by side after an event. */
function onPair(state: AdaptersState, event: PairEvent): AdaptersState {
  const { pair } = state;
  if (event.type === 'matched') return { ...state, pair: begun(event.matched, pair) };
  if (event.type === 'swap') {
    const [first, second] = state.files;
    if (!first || !second) return state;
    const files = [second, first];
    return {
      ...state,
      files,
      chosen: 0,
      picked: false,
      detail: null,
      pointed: null,
      written: null,
      pair: pair && swapped(pair),
    };
  }
  if (!pair) return state;
  switch (event.type) {
    case 'compared':
      return { ...state, pair: compared(pair, event) };
    case 'pair-colour':
      return { ...state, pair: { ...pair, colour: event.colour } };
    case 'choose-pair':
      return pair.matched.pairs[event.pair] ? { ...state, pair: { ...pair, chosen: event.pair } } : state;
    case 'merge':
      return { ...state, written: null, pair: { ...pair, plan: { ...pair.plan, ...event.changes } } };
    default:
      return event satisfies never;
  }
}

const begun = (matched: Matched, before: FilePair | null): FilePair => ({
  matched,
  figures: matched.pairs.map(() => null),
  reading: matched.pairs.length > 0 ? { done: 0, secondsLeft: null, stopped: false } : null,
  colour: before?.colour ?? 'cosine',
  chosen: 0,
  plan: before?.plan ?? PLAN,
});

/** The worker matches and reads again: until then there is nothing to show of the pairs. */
function swapped(pair: FilePair): FilePair {
  const turn = (pairs: Matched['pairs']) => pairs.map(([a, b]) => [b, a] as const);
  const { pairs, onlyFirst, onlySecond, notPairs, unlike } = pair.matched;
  const [first, second] = notPairs;
  const matched: Matched = {
    pairs: turn(pairs),
    onlyFirst: onlySecond,
    onlySecond: onlyFirst,
    notPairs: [second, first],
    unlike: turn(unlike),
  };
  const [a, b] = pair.plan.weights;
  return { ...begun(matched, pair), plan: { ...pair.plan, weights: [b, a] } };
}

function compared(pair: FilePair, event: Extract<PairEvent, { type: 'compared' }>): FilePair {
  const { from, secondsLeft } = event;
  const figures: readonly (PairFigures | null)[] = [
    ...pair.figures.slice(0, from),
    ...event.figures,
    ...pair.figures.slice(from + event.figures.length),
  ];
  const done = figures.filter((one) => one !== null).length;
  const over = done === figures.length;
  return { ...pair, figures, reading: over ? null : { done, secondsLeft, stopped: pair.reading?.stopped ?? false } };
}

/** How the first file is to be cut, after an event. */
function onResize(
  state: AdaptersState,
  event: Extract<AdaptersEvent, { type: 'resize' | 'cut' | 'way' }>,
): AdaptersState {
  const { resize } = state;
  switch (event.type) {
    case 'resize':
      return { ...state, written: null, resize: { ...resize, ...event.changes } };
    case 'way':
      return { ...state, written: null, resize: { ...resize, way: event.way } };
    case 'cut':
      return cutByHand(state, event.module, event.rank);
    default:
      return event satisfies never;
  }
}

/** Ranks set one by one begin with what the plan gives, its limits among it. */
function cutByHand(state: AdaptersState, module: number, rank: number): AdaptersState {
  const cut = cutOf(state);
  const own = cut?.file.adapter.modules[module]?.rank;
  if (!cut?.spectra[module] || own === undefined) return state;
  const wanted = Math.max(1, Math.min(own, Math.round(rank)));
  if (wanted === cut.foretold.ranks[module]) return state;
  const ranks = cut.foretold.ranks.map((before, i) => (i === module ? wanted : before));
  return {
    ...state,
    written: null,
    resize: { ...state.resize, way: { by: 'hand', ranks }, most: null, mostOfConvolutions: null },
  };
}

export const INITIAL: AdaptersState = {
  files: [],
  tab: 'overview',
  chosen: 0,
  colour: 'rank95',
  pointed: null,
  detail: null,
  resize: { way: { by: 'energy', share: 0.95 }, most: null, mostOfConvolutions: null, dtype: null, split: 'both' },
  pair: null,
  convertTo: 'peft',
  work: null,
  written: null,
  notices: [],
  dropped: null,
};

/** The page of adapters after an event. What has effects, files and the worker, follows the same events in app/adapters/. */
export function updateAdapters(state: AdaptersState, event: AdaptersEvent): AdaptersState {
  switch (event.type) {
    case 'files':
      return onFiles(state, event.files, event.as);
    case 'keep-dropped':
      return { ...state, dropped: null };
    case 'example':
      return { ...state, notices: [], work: opening('example', 12) };
    case 'opened':
      return onOpened(state, event);
    case 'failed':
      return { ...withNotice(stopped(state, true, event.file ?? -1), failed(event)), work: null };
    case 'measured':
      return withLargest({
        ...state,
        files: state.files.map((file) => (file.id === event.file ? measured(file, event) : file)),
      });
    case 'alpha':
      return { ...state, files: answered(state.files, event.answer) };
    case 'close':
      return onClose(state, event.file);
    case 'tab':
      return { ...state, tab: event.tab };
    case 'choose':
      if (!state.files[0]?.adapter.modules[event.module]) return state;
      return chosen({ ...state, picked: true }, event.module);
    case 'colour':
      return { ...state, colour: event.colour };
    case 'point':
      return { ...state, pointed: event.about };
    case 'detail':
      return event.detail.file === state.files[0]?.id && event.detail.module === state.chosen
        ? { ...state, detail: event.detail }
        : state;
    case 'resize':
    case 'cut':
    case 'way':
      return onResize(state, event);
    case 'matched':
    case 'compared':
    case 'pair-colour':
    case 'choose-pair':
    case 'merge':
    case 'swap':
      return onPair(state, event);
    case 'convert-to':
      return { ...state, convertTo: event.to, written: null };
    case 'write':
      return { ...state, written: null };
    case 'progress':
      return { ...state, work: event.work };
    case 'written':
      return { ...state, work: null, written: event.written };
    case 'open-written':
      return { ...state, written: null, notices: [], work: opening(state.written?.name ?? '') };
    case 'cancel':
      return stopped({ ...state, work: null }, true);
    case 'read-rest':
      return stopped(state, false);
    case 'dismiss':
      return { ...state, notices: state.notices.filter(({ id }) => id !== event.id) };
    case 'lab':
    case 'save':
      return state;
    default:
      return event satisfies never;
  }
}

const opening = (name: string, of = 0) => ({ does: 'opening', name, done: 0, of, secondsLeft: null }) as const;

/** With a file open it has to be said what others are for; a config alone answers for α. */
function onFiles(state: AdaptersState, files: readonly BroughtFile[], as?: 'second' | 'replace'): AdaptersState {
  const [first] = files;
  if (!first) return state;
  if (state.files.length > 0 && !as && !files.every(isConfig)) return { ...state, dropped: files };
  return {
    ...state,
    dropped: null,
    notices: [],
    work: opening((files.find((one) => !isConfig(one)) ?? first).file.name),
  };
}

function onOpened(
  state: AdaptersState,
  { file: id, slot, adapter }: Extract<AdaptersEvent, { type: 'opened' }>,
): AdaptersState {
  const file: OpenedFile = {
    id,
    adapter,
    asRead: adapter,
    figures: adapter.modules.map(() => null),
    reading: adapter.modules.length > 0 ? { done: 0, secondsLeft: null, stopped: false } : null,
    warnings: [],
    asksAlpha: adapter.alphaFrom === 'absent',
  };
  const again = state.files.some((one) => one.id === id);
  const files = again
    ? state.files.map((one) => (one.id === id ? file : one))
    : slot === 0
      ? [file]
      : [...state.files.slice(0, 1), file];
  const first = files[0] === file && !again;
  const opened: AdaptersState = {
    ...state,
    files,
    work: null,
    pair: null,
    written: null,
    ...(first
      ? { chosen: 0, picked: false, detail: null, pointed: null, tab: state.tab === 'two' ? 'overview' : state.tab }
      : { tab: slot === 1 && !again ? 'two' : state.tab }),
    resize: first ? INITIAL.resize : state.resize,
    convertTo: first ? otherNaming(adapter) : state.convertTo,
  };
  return kindNotices(adapter).reduce(withNotice, opened);
}

/** What a file is most likely converted to. */
const otherNaming = ({ naming }: Adapter) => (naming === 'kohya' || naming === 'mlx' ? 'peft' : 'kohya');

type NoticeText = Omit<AdapterNotice, 'id'>;

/** What is shown of a file only in part is said at once, and stays among what is to be known of it. */
function kindNotices(adapter: Adapter): NoticeText[] {
  const known = warningsOf(
    adapter,
    adapter.modules.map(() => null),
  );
  return known
    .filter(({ about }) => about === 'dora' || about === 'kinds')
    .map(({ title, details }) => ({ tone: 'plain', title, details, acts: [] }));
}

const failed = ({ title, details, names }: Extract<AdaptersEvent, { type: 'failed' }>): NoticeText => ({
  tone: 'bad',
  title,
  details,
  acts: names ? ['names', 'choose'] : ['choose'],
  ...(names ? { names } : {}),
});

function withNotice(state: AdaptersState, said: NoticeText): AdaptersState {
  const id = 1 + Math.max(0, ...state.notices.map((one) => one.id));
  return { ...state, notices: [...state.notices.filter(({ title }) => title !== said.title), { ...said, id }] };
}

function measured(file: OpenedFile, event: Extract<AdaptersEvent, { type: 'measured' }>): OpenedFile {
  const { from, secondsLeft } = event;
  // The worker measures by what the file says.
  const scaled = event.figures.map((one, i) =>
    byScaling(one, scalingOf(file.adapter, from + i), scalingOf(file.asRead, from + i)),
  );
  const figures = replaced(file.figures, from, scaled);
  const done = figures.filter((one) => one !== null).length;
  const over = done === figures.length;
  return {
    ...file,
    figures,
    reading: over ? null : { done, secondsLeft, stopped: file.reading?.stopped ?? false },
    warnings: over ? warningsOf(file.adapter, figures) : file.warnings,
  };
}

/** Most files say their α, and then nothing changes. */
const byScaling = (figures: Figures, s: number, before: number): Figures =>
  s === before ? figures : scaledBy(figures, s / before);

/** s of a module; where it is not known, figures are those of B·A. */
const scalingOf = ({ modules }: Adapter, index: number) => modules[index]?.scaling ?? 1;

const chosen = (state: AdaptersState, module: number): AdaptersState =>
  module === state.chosen ? state : { ...state, chosen: module, detail: null };

/** Once all of the first file is read, the module that has changed most is shown, unless a person has chosen another. */
function withLargest(state: AdaptersState): AdaptersState {
  const [file] = state.files;
  if (!file || file.reading || state.picked) return state;
  const norms = file.figures.map((one) => one?.frobenius ?? 0);
  return chosen(state, Math.max(0, norms.indexOf(Math.max(...norms))));
}

function replaced<T>(list: readonly T[], from: number, by: readonly T[]): readonly T[] {
  return [...list.slice(0, from), ...by, ...list.slice(from + by.length)];
}

function answered(files: readonly OpenedFile[], answer: AlphaAnswer | 'ask'): readonly OpenedFile[] {
  if (answer === 'ask')
    return files.map((file) =>
      ['absent', 'person', 'diffusers', 'none wanted'].includes(file.adapter.alphaFrom)
        ? { ...file, asksAlpha: true }
        : file,
    );
  const asked = files.find(({ asksAlpha }) => asksAlpha);
  return files.map((file) => (file === asked ? withAnswer(file, answer) : file));
}

/** What was measured without s, or with another one, need not be measured again. */
function withAnswer(file: OpenedFile, answer: AlphaAnswer): OpenedFile {
  const adapter = withAlpha(file.asRead, answer);
  const figures = file.figures.map(
    (one, i) => one && byScaling(one, scalingOf(adapter, i), scalingOf(file.adapter, i)),
  );
  return {
    ...file,
    adapter,
    figures,
    asksAlpha: false,
    warnings: file.reading ? file.warnings : warningsOf(adapter, figures),
  };
}

function onClose(state: AdaptersState, id?: number): AdaptersState {
  const files = id === undefined ? [] : state.files.filter((file) => file.id !== id);
  if (files.length === 0) return INITIAL;
  const same = files[0] === state.files[0];
  return {
    ...state,
    files,
    pair: null,
    written: null,
    tab: state.tab === 'two' ? 'overview' : state.tab,
    ...(same ? {} : { chosen: 0, picked: false, detail: null, pointed: null, resize: INITIAL.resize }),
  };
}

/** Reading stops and goes on with what is left. What was read stays, and what can be said of it is said. */
function stopped(state: AdaptersState, stops: boolean, only?: number): AdaptersState {
  const of = <R extends { readonly stopped: boolean }>(reading: R | null) =>
    reading && { ...reading, stopped: stops, secondsLeft: null };
  return {
    ...state,
    files: state.files.map((file) =>
      file.reading && (only ?? file.id) === file.id
        ? {
            ...file,
            reading: of(file.reading),
            warnings: stops ? warningsOf(file.adapter, file.figures) : file.warnings,
          }
        : file,
    ),
    pair: only === undefined && state.pair ? { ...state.pair, reading: of(state.pair.reading) } : state.pair,
  };
}
