/** The places of the page: a row of six, each with its tabs; a link names them by `view` and `lesson`. */

import { presets } from '../experiment/presets.ts';
import { isExercise } from '../experiment/settings/exercise.ts';
import type { View, ViewName } from '../experiment/settings/view.ts';
import { targets } from '../experiment/targets/index.ts';
import type { PageEvent } from './events.ts';
import type { State } from './state.ts';

export interface PlaceTab {
  readonly view: ViewName;
  readonly label: string;
  /** What is kept there. */
  readonly count?: (state: State) => number;
}

interface Place {
  readonly label: string;
  /** One line of the list of places on a phone. */
  readonly about: string;
  readonly at: Pick<View, 'view' | 'lesson'>;
  readonly tabs: readonly PlaceTab[];
}

export const LAB: Place = {
  label: 'Lab',
  about: 'Train the owl, or any matrix',
  at: { view: 'lab', lesson: '' },
  tabs: [
    { view: 'lab', label: 'This run' },
    { view: 'runs', label: 'All runs', count: (s) => s.compare.listed.length },
    { view: 'compare', label: 'Compare', count: (s) => s.compare.pins.length },
    { view: 'sweep', label: 'Sweep' },
  ],
};
const ADAPTERS: Place = {
  label: 'Adapters',
  about: 'Open a LoRA file; make it smaller',
  at: { view: 'adapters', lesson: '' },
  tabs: [
    { view: 'adapters', label: 'Overview' },
    { view: 'smaller', label: 'Make it smaller' },
    { view: 'resize', label: 'Resize' },
    { view: 'two', label: 'Two adapters' },
    { view: 'convert', label: 'Convert' },
    { view: 'modules', label: 'All modules' },
  ],
};
const LESSONS: Place = {
  label: 'Lessons',
  about: 'Each read beside the lab',
  at: { view: 'lab', lesson: 'contents' },
  tabs: [],
};

export const TEACH: Place = {
  label: 'Teach',
  about: 'Plans of lessons, class link and wall',
  at: { view: 'teach', lesson: '' },
  tabs: [
    { view: 'teach', label: 'Plans' },
    { view: 'class', label: 'Class link' },
    { view: 'wall', label: 'Wall', count: ({ wall }) => (wall ? wall.entries.length + wall.hands.length : 0) },
    { view: 'answers', label: 'Answers' },
    { view: 'handouts', label: 'Handouts and keys' },
  ],
};

export const EXPERIMENTS: Place = {
  label: 'Experiments',
  about: `${presets.all.length} that claim one thing each`,
  at: { view: 'experiments', lesson: '' },
  tabs: [
    { view: 'experiments', label: 'Experiments' },
    { view: 'clinic', label: 'Clinic' },
  ],
};

export const PLACES: readonly Place[] = [
  LAB,
  LESSONS,
  EXPERIMENTS,
  ADAPTERS,
  {
    label: 'Plan a run',
    about: 'Memory, file size and settings for your model',
    at: { view: 'plan', lesson: '' },
    tabs: [],
  },
  TEACH,
];

/** Minutes of the first lesson, for those who do not load the lessons; a test holds it against the lesson. */
export const FIRST_LESSON_MINUTES = 13;

/** The place of a view; a lesson is read beside the lab. */
export function placeOf({ view, lesson }: Pick<View, 'view' | 'lesson'>): Place {
  const place = PLACES.find(({ at, tabs }) => at.view === view || tabs.some((tab) => tab.view === view)) ?? LAB;
  return place === LAB && lesson !== '' ? LESSONS : place;
}

/** The experiment that is a map of its own. */
export const WHICH_ADAPTER = 'which-adapter';

/** Leads to a view of the place that is open. */
export const goTo = (view: ViewName): PageEvent => ({ type: 'viewed', changes: { view } });

/** Leads to the list of complaints, out of a lesson or a complaint too. */
export const CLINIC: PageEvent = { type: 'viewed', changes: { view: 'clinic', lesson: '', step: 1, case: '' } };

/** Leads to a place, out of a lesson too. */
const enter = ({ at }: Pick<Place, 'at'>): PageEvent => ({ type: 'viewed', changes: { ...at, step: 1 } });

/** To the lesson for beginners, beside the whole lab. */
export const WHAT_IS_LORA: PageEvent = { type: 'viewed', changes: { view: 'lab', lesson: 'what-is-lora' } };

/** Leads to a place as it was left: to the owl alone, if that was the lab. */
export const enterAsLeft = (place: Place, { alone }: Pick<State, 'alone'>): PageEvent =>
  enter(place === LAB && alone ? { at: { view: 'first', lesson: '' } } : place);

/** Out of a lesson to a plan of the model and ranks that its calculator has. */
export const PLAN_A_RUN: PageEvent = { type: 'viewed', changes: { view: 'plan', lesson: '', step: 1 } };

const BARE: readonly ViewName[] = ['present', 'embed'];

/** Whether the page has its bar: not on a projector and in a frame. */
export const hasBar = ({ view }: Pick<View, 'view'>): boolean => !BARE.includes(view);

/** Whether the first visit is on screen: the owl without charts and rail. A lesson is read beside the whole lab. */
export const isFirst = ({ view, lesson }: Pick<View, 'view' | 'lesson'>): boolean => view === 'first' && lesson === '';

/** Whether the lab is on screen, also without its charts, or with the list of runs in the place of its rail. */
export const isLab = ({ view }: Pick<View, 'view'>): boolean => ['first', 'lab', 'runs'].includes(view);

/** Whether the files of adapters are on screen: the page then handles drops and keys itself, and no link holds them. */
export const isAdapters = ({ view }: Pick<View, 'view'>): boolean => ADAPTERS.tabs.some((tab) => tab.view === view);

/** Whether there is something to present: the lab, runs side by side, the map of adapters, or a complaint. */
export const canPresent = ({ view }: Pick<State, 'view'>): boolean =>
  isLab(view) || ['compare', 'which', view.case && 'clinic'].includes(view.view);

/** What is on screen, on a projector too. */
export const screenOf = ({ view, presents }: Pick<State, 'view' | 'presents'>): ViewName =>
  view.view === 'present' ? presents : view.view;

/** Whether the runs side by side are on screen, on a projector too. */
export const isComparing = (state: Pick<State, 'view' | 'presents'>): boolean => screenOf(state) === 'compare';

/** Whether Compare is open and empty. An exercise stays in its lab. */
export const hasNothingToCompare = ({ view, compare }: Pick<State, 'view' | 'compare'>): boolean =>
  view.view === 'compare' && view.compare === '' && compare.pins.length === 0 && !isExercise(view);

/** The title of the document, without the name of the page; lessons and adapters have their own. */
export function titleOf({ view, preset, experiment }: State): string {
  const place = placeOf(view);
  if (isFirst(view)) return '';
  if (view.view === 'which') return `${presets.byName(WHICH_ADAPTER).label} · Lab`;
  const tab = place.tabs.find((one) => one.view === view.view);
  if (place !== LAB) return tab && tab.label !== place.label ? `${tab.label} · ${place.label}` : place.label;
  if (tab && view.view !== 'lab') return `${tab.label} · Lab`;
  const name = preset === null ? targets.byName(experiment.target).label : presets.byName(preset).label;
  return `${name}, rank ${experiment.rank} · Lab`;
}
