import { defaults } from './experiment.ts';
import { choice, flag, integer, type Kind, number, plainText, text, type ValueOf } from './kinds.ts';
import { SETTINGS } from './params.ts';

/** The lessons in their order; src/lessons/ has their text. */
export const LESSON_NAMES: readonly string[] = [
  'what-is-lora',
  'by-hand',
  'rank',
  'cost',
  'scaling',
  'starts',
  'gradients',
  'optimisers',
  'low-rank',
  'choosing',
  'beyond',
  'merging',
];
/** The pages around them: contents, glossary, notes for teachers, handouts and their answer keys. */
const AROUND: readonly string[] = ['contents', 'glossary', 'notes', 'handout', 'key'];

/** Whether a reader may have this open; notes, handout and key may belong to one lesson: handout-rank. */
function isRead(name: string): boolean {
  return LESSON_NAMES.includes(name.replace(/^(notes|handout|key)-/, '')) || AROUND.includes(name);
}

/** The complaints of the clinic in page order, three of each group; src/clinic/cases/ has them. */
export const CASE_NAMES = [
  'nothing',
  'flat',
  'zeros',
  'nan',
  'staircase',
  'overfit',
  'rank64',
  'variant',
  'modules',
  'merged',
  'size',
  'together',
] as const;
export type CaseName = (typeof CASE_NAMES)[number];
export const isCaseName = (name: string): name is CaseName => (CASE_NAMES as readonly string[]).includes(name);

/** The charts in page order; src/charts/charts.ts has them. */
export const CHART_NAMES: readonly string[] = ['spectrum', 'gradients', 'error', 'effectiveRank'];

const LIST_OF_KEYS = {
  pattern: /^[a-z0-9]+(,[a-z0-9]+)*$/,
  longest: 200,
  fits: areKeys,
  allowed: 'a comma-separated list of keys, such as rank,alpha',
};

/** The view of an experiment: the keys of a link besides its settings, without effect on runs and undo. */
const VIEW = {
  pace: number({ min: 0.1, max: 1000, scale: 'log', special: 'max', default: 50 }),
  run: flag({ default: false }),
  show: text(LIST_OF_KEYS),
  charts: text({
    pattern: /^[A-Za-z]+(,[A-Za-z]+)*$/,
    longest: 60,
    fits: (list) => list.split(',').every((name) => CHART_NAMES.includes(name)),
    allowed: 'a comma-separated list of spectrum, gradients, error, effectiveRank',
  }),
  view: choice({
    names: {
      first: 'first',
      lab: 'lab',
      runs: 'runs',
      compare: 'compare',
      sweep: 'sweep',
      experiments: 'experiments',
      clinic: 'clinic',
      teach: 'teach',
      class: 'class',
      wall: 'wall',
      answers: 'answers',
      handouts: 'handouts',
      adapters: 'adapters',
      smaller: 'smaller',
      resize: 'resize',
      two: 'two',
      convert: 'convert',
      modules: 'modules',
      plan: 'plan',
      which: 'which',
      present: 'present',
      embed: 'embed',
    },
    default: 'lab',
  }),
  lesson: text({
    pattern: /^[a-z0-9-]+$/,
    longest: 40,
    fits: isRead,
    allowed: `one of ${[...LESSON_NAMES, ...AROUND].join(', ')}`,
  }),
  step: integer({ min: 1, max: 20, default: 1 }),
  origin: text({
    pattern: /^(null|https?:\/\/[A-Za-z0-9.:[\]-]+)(,(null|https?:\/\/[A-Za-z0-9.:[\]-]+))*$/,
    longest: 1000,
    allowed: 'a comma-separated list of exact origins such as https://example.org, or null',
  }),
  // plan/ reads compare, sweep, goal and answers; it is loaded if a link has them.
  compare: text({
    pattern: plainText(4000),
    longest: 4000,
    allowed: 'up to four pins such as init:pissa;rank:2,alpha:4',
  }),
  sweep: text({
    pattern: plainText(10_000),
    longest: 10_000,
    allowed: 'up to three lists such as rank:1,2,4;lr:0.01,0.1',
  }),
  repeat: integer({ min: 1, max: 32, default: 1 }),
  experiments: text({ pattern: /^[A-Za-z0-9_-]+$/, longest: 8000, allowed: 'a text that this page has written' }),
  title: text({ pattern: plainText(60), longest: 120, allowed: 'a text of at most 60 characters' }),
  task: text({ pattern: plainText(200), longest: 400, allowed: 'a text of at most 200 characters' }),
  lock: text(LIST_OF_KEYS),
  goal: text({ pattern: plainText(100), longest: 100, allowed: 'a goal such as error:0.05,numbers:600,steps:300' }),
  // Read by src/plan/ if a lesson, Plan a run or a link needs it.
  cost: text({
    pattern: /^[A-Za-z0-9:,.-]+$/,
    longest: 800,
    allowed: 'a model, ranks and formats such as model:llama-2-7b,q:16,v:8',
  }),
  case: text({
    pattern: /^[a-z0-9]+$/,
    longest: 40,
    fits: isCaseName,
    allowed: `one of ${CASE_NAMES.join(', ')}`,
  }),
  // Read by src/ui/experiments/which/.
  which: text({
    pattern: /^[a-z0-9-]+(,[a-z0-9-]+)*$/,
    longest: 60,
    allowed: 'a kind of update, an adapter and a rank such as rotation,oft,8',
  }),
  // Read by src/ui/panels/dials.tsx, which is open while it is not empty.
  dials: text({
    pattern: /^[a-z]+:[a-z0-9.]+(,[a-z]+:[a-z0-9.]+)*$/,
    longest: 120,
    allowed: 'a rule and its turns such as rule:adam,p:2,q:4',
  }),
  module: text({ pattern: /^[A-Za-z0-9_.-]+$/, longest: 60, allowed: 'the name of a matrix of the run' }),
  done: flag({ default: false }),
  predict: flag({ default: false }),
  // Somebody's adapter, not their drawings; src/experiment/network/hand-adapter.ts checks it when it is opened.
  hand: text({
    pattern: /^[A-Za-z0-9_-]+$/,
    longest: 2500,
    allowed: 'an adapter that this page has written, at most 2,500 characters',
  }),
  handin: flag({ default: false }),
  by: text({ pattern: plainText(24), longest: 48, allowed: 'a name of at most 24 characters' }),
  answers: text({
    pattern: /^[a-z0-9.,:;-]+$/,
    longest: 400,
    allowed: 'letters and numbers by question, such as what-is-lora:b,512,y,c',
  }),
};

export type ViewKey = keyof typeof VIEW;
export const VIEW_KEYS = Object.keys(VIEW) as ViewKey[];

function areKeys(list: string): boolean {
  return list.split(',').every((key) => Object.hasOwn(SETTINGS, key) || isViewKey(key));
}

export function isViewKey(key: string): key is ViewKey {
  return Object.hasOwn(VIEW, key);
}

/** Where a visitor is, but for the lessons, which are opened over the lab. */
export type ViewName = View['view'];

export type View = { readonly [K in ViewKey]: ValueOf<(typeof VIEW)[K]> };

export function viewParam(key: ViewKey): Kind<unknown> {
  return VIEW[key] as unknown as Kind<unknown>;
}

export function decideView(pick: (key: ViewKey) => unknown): View {
  return Object.fromEntries(VIEW_KEYS.map((key) => [key, pick(key)])) as View;
}

export function defaultView(): View {
  const e = defaults();
  return decideView((key) => viewParam(key).default(e));
}
