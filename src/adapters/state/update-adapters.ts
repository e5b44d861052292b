import { rescaledFigures } from '../file/figures.ts';
import type { Adapter, AlphaAnswer, MergePlan, ModuleMatches } from '../file/model.ts';
import { withAlpha } from '../file/scaling.ts';
import { kindWarnings } from '../file/warnings/warnings.ts';
import type { ImportedFile, ReadingProgress } from '../worker/protocol.ts';
import {
  type AdapterNotice,
  type AdaptersEvent,
  type AdaptersState,
  type FilePair,
  type FileRole,
  isConfigFile,
  type OpenedFile,
} from './adapters-state.ts';
import { baseOf, reopened, unmeasured, updateBase, withBaseStopped } from './base-state.ts';
import { type ModelsEvent, updateModels, withFailure, withStopped } from './models-state.ts';
import { cutPlan } from './predictions.ts';
import { readingOf, stoppedReading, withRun } from './reading.ts';

type EventOf<T extends AdaptersEvent['type']> = Extract<AdaptersEvent, { readonly type: T }>;

export const INITIAL_STATE: AdaptersState = {
  files: [],
  chosen: 0,
  colour: 'rank95',
  pointed: null,
  detail: null,
  resize: { way: { by: 'energy', share: 0.95 }, most: null, mostOfConvolutions: null, dtype: null, split: 'both' },
  smaller: { goal: 'smallest', most: null },
  grow: { rank: null, seed: 0 },
  sizes: null,
  pair: null,
  goneOn: null,
  convertTo: 'peft',
  work: null,
  written: null,
  notices: [],
  dropped: null,
  brought: [],
  models: null,
  base: null,
};

/** The page of adapters after an event. Effects, files and the worker, follow the same events in adapters/app/. */
export function updateAdapters(state: AdaptersState, event: AdaptersEvent): AdaptersState {
  const { resize, pair } = state;
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
      return failed(state, event);
    case 'measured': {
      const files = state.files.map((file) => (file.id === event.file ? measured(file, event) : file));
      return withLargest({ ...state, files });
    }
    case 'alpha':
      return withAlphaBeside({ ...state, files: answered(state.files, event.answer) }, state);
    case 'close':
      return { ...INITIAL_STATE, models: state.models && { ...state.models, shown: true } };
    case 'choose':
      if (!state.files[0]?.adapter.modules[event.module]) return state;
      return chosen({ ...state, picked: true }, event.module);
    case 'colour':
      return { ...state, colour: event.colour };
    case 'point':
      return { ...state, pointed: event.about };
    case 'detail': {
      const { file, module } = event.detail;
      return file === state.files[0]?.id && module === state.chosen ? { ...state, detail: event.detail } : state;
    }
    case 'resize':
      return { ...state, written: null, resize: { ...resize, ...event.changes } };
    case 'grow':
      return { ...state, written: null, grow: { ...state.grow, ...event.changes } };
    case 'smaller':
      return { ...state, smaller: { ...state.smaller, ...event.changes } };
    case 'sizes':
      return { ...state, sizes: event.sizes };
    case 'size':
      return state.sizes ? { ...state, sizes: { ...state.sizes, most: event.size } } : state;
    case 'way':
      return { ...state, written: null, resize: { ...resize, way: event.way } };
    case 'cut':
      return cutByHand(state, event.module, event.rank);
    case 'matched':
      return { ...state, pair: begun(event.matched, pair, state.files.length) };
    case 'drop-further':
      return withoutFurther(state, event.file);
    case 'outlook':
      return { ...state, work: null, pair: pair && { ...pair, outlook: event.outlook } };
    case 'swap':
      return swapped(state);
    case 'compared':
      return pair ? { ...state, pair: { ...pair, ...withRun(pair, event) } } : state;
    case 'pair-colour':
      return pair ? { ...state, pair: { ...pair, colour: event.colour } } : state;
    case 'choose-pair':
      return pair?.matched.pairs[event.pair] ? { ...state, pair: { ...pair, chosen: event.pair } } : state;
    case 'merge':
      return pair ? { ...state, written: null, pair: { ...pair, plan: { ...pair.plan, ...event.changes } } } : state;
    case 'gone-on':
      return { ...state, goneOn: event.goneOn, written: null };
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
    case 'base-close':
    case 'base-leading':
    case 'base-matched':
    case 'base-measured':
      return { ...state, base: updateBase(state.base, event, state.files[0]?.adapter.modules.length ?? 0) };
    case 'choosing':
    case 'find-sizes':
    case 'foretell':
    case 'lab':
    case 'go-on':
    case 'network':
    case 'save':
      return state;
    default:
      return withModels(state, event);
  }
}

/** Figures beside W₀ were measured with s. */
function withAlphaBeside(state: AdaptersState, { files: [before] }: AdaptersState): AdaptersState {
  const { base, files } = state;
  const [first] = files;
  if (!base?.matched || first?.adapter === before?.adapter) return state;
  return { ...state, base: unmeasured(base, first.adapter.modules.length) };
}

function withBase(state: AdaptersState, files: readonly ImportedFile[]): AdaptersState {
  const base = baseOf(files);
  const asked = { ...state, dropped: null, notices: [] };
  if ('fault' in base) return withNotice(asked, { tone: 'bad', title: base.fault, details: base.details });
  return { ...asked, base };
}

function withModels(state: AdaptersState, event: ModelsEvent): AdaptersState {
  const models = updateModels(state.models, event);
  if (models !== null && 'fault' in models)
    return withNotice(state, { tone: 'bad', title: models.fault, details: models.details });
  const isNews = event.type === 'models-measured' || event.type === 'models-outlook';
  const isFiles = event.type === 'models' || event.type === 'models-files';
  const written = isNews ? state.written : null;
  return { ...state, models, written, notices: isFiles ? [] : state.notices };
}

const opening = (name: string, of = 0) => ({ does: 'opening', name, done: 0, of, secondsLeft: null }) as const;

/** If a file is open, a person has to choose what others are for; a config alone answers for α. */
function onFiles(state: AdaptersState, files: readonly ImportedFile[], as?: FileRole): AdaptersState {
  const [first] = files;
  if (!first) return state;
  if (as === 'aim') return { ...state, notices: [] };
  if (as === 'adapter-base') return state.files.length > 0 ? withBase(state, files) : state;
  if (as === 'base' || as === 'fine') return withModels(state, { type: 'models-files', files, role: as });
  // Where two models are asked for, files without another purpose are one of them.
  if (state.models?.shown && !as && state.models.matched === null)
    return withModels(state, { type: 'models-files', files, role: null });
  if (state.files.length > 0 && !as && !files.every(isConfigFile)) return { ...state, dropped: files };
  const main = files.find((one) => !isConfigFile(one)) ?? first;
  return { ...state, dropped: null, brought: files, notices: [], work: opening(main.file.name) };
}

/** Choices made for one first file do not hold for another. */
const ANOTHER = { chosen: 0, picked: false, detail: null, pointed: null, base: null } as const;

function onOpened(state: AdaptersState, { file: id, slot, adapter }: EventOf<'opened'>): AdaptersState {
  const file: OpenedFile = {
    id,
    adapter,
    asRead: adapter,
    figures: adapter.modules.map(() => null),
    reading: readingOf(adapter.modules.length),
    asksAlpha: adapter.alphaFrom === 'absent',
  };
  const again = state.files.some((one) => one.id === id);
  const files = again
    ? state.files.map((one) => (one.id === id ? file : one))
    : slot === 0
      ? [file]
      : slot === 1
        ? [...state.files.slice(0, 1), file]
        : [...state.files, file];
  const kept = slot === 2 && !again && state.pair;
  const pair = kept ? { ...kept, plan: planFor(kept.plan, files.length), outlook: null } : null;
  const models = state.models && { ...state.models, shown: false };
  const base = again && files[0] === file && state.base ? reopened(state.base) : state.base;
  const opened = { ...state, files, work: null, pair, written: null, models, base };
  const shown: AdaptersState =
    files[0] === file && !again
      ? {
          ...opened,
          ...ANOTHER,
          resize: INITIAL_STATE.resize,
          smaller: INITIAL_STATE.smaller,
          grow: INITIAL_STATE.grow,
          sizes: null,
          convertTo: otherNaming(adapter),
        }
      : opened;
  return kindNotices(adapter).reduce(withNotice, shown);
}

const otherNaming = ({ naming }: Adapter) => (naming === 'kohya' || naming === 'mlx' ? 'peft' : 'kohya');

type NoticeText = Omit<AdapterNotice, 'id'>;

/** Kinds that are shown only in part: reported at once, and again among the file's warnings. */
const kindNotices = (adapter: Adapter): NoticeText[] =>
  kindWarnings(adapter).map(({ title, details }) => ({ tone: 'plain', title, details }));

function failed(
  state: AdaptersState,
  { title, details, names, isModel, ofModels, ofBase, file }: EventOf<'failed'>,
): AdaptersState {
  if (ofBase) {
    // One that could not be opened goes; else what is measured stays.
    const base = state.base?.matched ? withBaseStopped(state.base, true) : null;
    return withNotice({ ...state, base }, { tone: 'bad', title, details });
  }
  if (ofModels) {
    const models = withFailure(state.models, { fault: title, details });
    return { ...withNotice(state, { tone: 'bad', title, details }), models };
  }
  return {
    ...withNotice(stopped(state, true, file ?? -1), { tone: 'bad', title, details, names, isModel }),
    work: null,
  };
}

function withNotice(state: AdaptersState, said: NoticeText): AdaptersState {
  const id = 1 + Math.max(0, ...state.notices.map((one) => one.id));
  return { ...state, notices: [...state.notices.filter(({ title }) => title !== said.title), { ...said, id }] };
}

function measured(file: OpenedFile, event: EventOf<'measured'>): OpenedFile {
  const run = event.figures.map((one, i) => rescaledFigures(one, event.from + i, file.adapter, file.asRead));
  return { ...file, ...withRun(file, { ...event, figures: run }) };
}

const chosen = (state: AdaptersState, module: number): AdaptersState =>
  module === state.chosen ? state : { ...state, chosen: module, detail: null };

/** Once all of the first file is read, shows the module that has changed most unless a person has chosen. */
function withLargest(state: AdaptersState): AdaptersState {
  const [file] = state.files;
  if (!file || file.reading || state.picked) return state;
  const norms = file.figures.map((one) => one?.frobenius ?? 0);
  return chosen(state, Math.max(0, norms.indexOf(Math.max(...norms))));
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

/** Figures measured without s, or with another one, are rescaled, not measured again. */
function withAnswer(file: OpenedFile, answer: AlphaAnswer): OpenedFile {
  const adapter = withAlpha(file.asRead, answer);
  const figures = file.figures.map((one, i) => one && rescaledFigures(one, i, adapter, file.adapter));
  return { ...file, adapter, figures, asksAlpha: false };
}

/** Reading stops, or continues with the rest. Figures read so far stay. */
function stopped(state: AdaptersState, stops: boolean, only?: number): AdaptersState {
  const of = (reading: ReadingProgress | null) => stoppedReading(reading, stops);
  return {
    ...state,
    files: state.files.map((file) => {
      if (!file.reading || (only ?? file.id) !== file.id) return file;
      return { ...file, reading: of(file.reading) };
    }),
    base: only === undefined ? withBaseStopped(state.base, stops) : state.base,
    models: only === undefined ? withStopped(state.models, stops) : state.models,
    pair: only === undefined && state.pair ? { ...state.pair, reading: of(state.pair.reading) } : state.pair,
  };
}

function cutByHand(state: AdaptersState, module: number, rank: number): AdaptersState {
  const cut = cutPlan(state);
  if (!cut?.spectra[module]) return state;
  const wanted = Math.max(1, Math.min(cut.file.adapter.modules[module].rank, Math.round(rank)));
  if (wanted === cut.foretold.ranks[module]) return state;
  const ranks = cut.foretold.ranks.map((before, i) => (i === module ? wanted : before));
  const resize = { ...state.resize, way: { by: 'hand', ranks }, most: null, mostOfConvolutions: null } as const;
  return { ...state, written: null, resize };
}

const PLAN: MergePlan = {
  weights: [1, 1],
  rank: null,
  method: 'sum',
  density: 0.2,
  seed: 0,
  others: 'carried',
  dtype: null,
};

const begun = (matched: ModuleMatches, before: FilePair | null, files: number): FilePair => ({
  matched,
  figures: matched.pairs.map(() => null),
  reading: readingOf(matched.pairs.length),
  colour: before?.colour ?? 'cosine',
  chosen: 0,
  plan: planFor(before?.plan ?? PLAN, files),
  outlook: null,
});

/** A plan with a weight for each file: 1 for those that have none yet. */
const planFor = (plan: MergePlan, files: number): MergePlan =>
  plan.weights.length === files
    ? plan
    : { ...plan, weights: Array.from({ length: files }, (_, i) => plan.weights[i] ?? 1) };

function withoutFurther(state: AdaptersState, file: number): AdaptersState {
  const at = state.files.findIndex(({ id }) => id === file);
  if (at < 2) return state;
  const { pair } = state;
  const weights = pair?.plan.weights.filter((_, i) => i !== at) ?? [];
  return {
    ...state,
    written: null,
    files: state.files.filter((_, i) => i !== at),
    pair: pair && { ...pair, plan: { ...pair.plan, weights }, outlook: null },
  };
}

/** The worker matches and reads again: until then no pair can be shown. */
function swapped(state: AdaptersState): AdaptersState {
  const [first, second, ...further] = state.files;
  if (!first || !second) return state;
  const { pair } = state;
  return { ...state, ...ANOTHER, files: [second, first, ...further], written: null, pair: pair && swappedPair(pair) };
}

function swappedPair(pair: FilePair): FilePair {
  const turn = (pairs: ModuleMatches['pairs']) => pairs.map(([a, b]) => [b, a] as const);
  const { pairs, onlyFirst, onlySecond, notPairs, unlike } = pair.matched;
  const matched: ModuleMatches = {
    pairs: turn(pairs),
    onlyFirst: onlySecond,
    onlySecond: onlyFirst,
    notPairs: [notPairs[1], notPairs[0]],
    unlike: turn(unlike),
  };
  const [a, b, ...rest] = pair.plan.weights;
  const weights = [b, a, ...rest];
  return { ...begun(matched, pair, weights.length), plan: { ...pair.plan, weights } };
}
