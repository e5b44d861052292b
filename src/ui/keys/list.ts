import { isExercise, isFixed } from '../../experiment/settings/exercise.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import { CASE_NAMES, isCaseName, type ViewName } from '../../experiment/settings/view.ts';
import { nextTick } from '../../kit/slider.tsx';
import { actionsOf } from '../../state/actions.ts';
import { canPin } from '../../state/compare/pins.ts';
import type { PageEvent } from '../../state/events.ts';
import { canPresent, goTo, hasBar, isLab, LAB, screenOf } from '../../state/places.ts';
import { lastStep } from '../../state/run/run.ts';
import { rateOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { resetEvent } from '../../state/update.ts';
import { freshSeed, trackOf } from '../controls/track.ts';

/** A shortcut; its action returns null if not available now. */
export interface Key {
  /** Labels in the list of keys. */
  readonly shown: readonly string[];
  readonly does: string;
  /** By `event.key`. */
  readonly keys: Readonly<Record<string, (state: State, pressed: KeyContext) => PageEvent | null>>;
}

export interface KeyContext {
  readonly shift: boolean;
  readonly chart: string | null;
  /** The timeline is focused: it leaves shift+arrow to this list. */
  readonly timeline?: boolean;
}

type KeyAction = Key['keys'][string];

/** Space and bare arrows: in the lab they scroll the page or belong to the focused control. */
const inPresent =
  (act: KeyAction): KeyAction =>
  (s, pressed) =>
    s.view.view === 'present' ? act(s, pressed) : null;

const main: KeyAction = (s) => ({ type: actionsOf(s).main.does });

const rank =
  (direction: 1 | -1): KeyAction =>
  (s) => {
    const { rank: now } = s.experiment;
    return set({ rank: nextTick(now, direction, trackOf('rank', s.experiment, [now])) });
  };

/** To the next tick; with shift by 1. */
const fineRank =
  (direction: 1 | -1): KeyAction =>
  (s, pressed) => {
    const { rank: now } = s.experiment;
    if (!pressed.shift) return rank(direction)(s, pressed);
    return set({ rank: trackOf('rank', s.experiment, [now]).smallStep(now, direction) });
  };

const alpha = (direction: 1 | -1) => (s: State) => {
  const { alpha: now } = s.experiment;
  // One doubling more than the slider: typed values reach further, and so do keys.
  return set({ alpha: nextTick(now, direction, trackOf('alpha', s.experiment, [now / 2, now * 2])) });
};

const rate = (direction: 1 | -1) => (s: State) => {
  const known = rateOf(s);
  if (known === null) return null;
  const now = leastOf(known);
  return set({ lr: trackOf('lr', s.experiment, [now]).smallStep(now, direction) });
};

const set = (changes: Extract<PageEvent, { type: 'changed' }>['changes']): PageEvent => ({ type: 'changed', changes });

/** To the previous or next stored frame; with shift by ten. */
const look =
  (direction: 1 | -1) =>
  (s: State, { shift }: KeyContext): PageEvent | null => {
    const steps = s.run.frames.map((f) => f.step);
    const at = shownStep(s);
    const beyond = direction > 0 ? steps.filter((t) => t > at) : steps.filter((t) => t < at).reverse();
    const step = beyond[Math.min(shift ? 9 : 0, beyond.length - 1)];
    if (step === undefined) return null;
    return { type: 'look', step: step >= lastStep(s.run) ? null : step };
  };

const along =
  (direction: 1 | -1): KeyAction =>
  (s, pressed) =>
    (pressed.timeline ? look(direction) : inPresent(look(direction)))(s, pressed);

const panel =
  (name: 'export' | 'keys' | 'merge'): (() => PageEvent) =>
  () => ({ type: 'panel', panel: { name } });

/** A chart by its index; keys count as its tabs do, left column first. */
const present =
  (chart: number) =>
  (s: State): PageEvent | null =>
    s.view.view === 'present' ? { type: 'present', chart } : null;

/** To a place from the bar; if it is open, to the lab. */
const toggle =
  (view: ViewName) =>
  (s: State): PageEvent | null =>
    hasBar(s.view) ? goTo(s.view.view === view ? 'lab' : view) : null;

/** To the next complaint of the clinic, or the one before. */
const complaint =
  (by: 1 | -1) =>
  ({ view }: State): PageEvent | null => {
    if (!isCaseName(view.case)) return null;
    const n = CASE_NAMES.length;
    return { type: 'viewed', changes: { case: CASE_NAMES[(CASE_NAMES.indexOf(view.case) + by + n) % n] } };
  };

/** Out of Present, from the other tabs of the lab to this run, and from a complaint to all twelve. */
const leave = ({ view, presents }: State): PageEvent | null => {
  if (view.view === 'present') return goTo(presents);
  if (view.view === 'clinic') return view.case === '' ? null : { type: 'viewed', changes: { case: '' } };
  const beside = view.view === 'which' || LAB.tabs.some((tab) => tab.view === view.view && view.view !== 'lab');
  return beside ? goTo('lab') : null;
};

/** Present applies to the lab: an embedded page stays as its link says. */
const projector = (s: State): PageEvent | null => {
  if (s.view.view === 'embed') return null;
  if (s.view.view === 'present') return goTo(s.presents);
  return canPresent(s) ? goTo('present') : null;
};

/** Chart of the table if none is focused. A literal, since charts load later than keys. */
const FIRST_CHART = 'error';

export const KEYS: readonly Key[] = [
  { shown: ['t'], does: 'train, pause; back to step 0 if training diverged', keys: { t: main } },
  { shown: ['s'], does: 'one step', keys: { s: (s) => (actionsOf(s).step ? { type: 'train', steps: 1 } : null) } },
  {
    shown: ['r'],
    does: 'back to step 0',
    keys: { r: (s) => (actionsOf(s).rewind ? { type: 'rewind' } : null) },
  },
  {
    shown: ['p'],
    does: 'pin the run to compare others with it; take its pin away. In the clinic: the complaint before',
    keys: { p: (s) => (hasBar(s.view) && canPin(s) ? { type: 'compare', does: 'pin' } : null) },
  },
  {
    shown: ['v'],
    does: 'runs side by side, and back',
    keys: {
      v: toggle('compare'),
    },
  },
  {
    shown: ['h'],
    does: 'history: the runs of this session, and back',
    keys: { h: toggle('runs') },
  },
  {
    shown: ['0'],
    does: 'reset: back to the link as it was opened, all settings, at step 0',
    keys: { '0': resetEvent },
  },
  {
    shown: ['n'],
    does: 'new seed; on the class wall: hide the names, show them; in the clinic: the next complaint',
    keys: { n: (s) => set({ seed: freshSeed(s.experiment.seed) }) },
  },
  // Plus is typed with shift on many keyboards and shares the key of the equals sign.
  {
    shown: ['−', '+'],
    does: 'rank: previous, next tick',
    keys: { '+': rank(1), '=': rank(1), '-': rank(-1), '−': rank(-1) },
  },
  { shown: ['[', ']'], does: 'α: down, up', keys: { '[': alpha(-1), ']': alpha(1) } },
  { shown: [',', '.'], does: 'learning rate: down, up', keys: { ',': rate(-1), '.': rate(1) } },
  {
    shown: ['j', 'l'],
    does: 'scrub through the run; Shift for larger steps',
    keys: { j: look(-1), l: look(1), J: look(-1), L: look(1) },
  },
  { shown: ['f'], does: 'Present: large, for a projector', keys: { f: projector } },
  {
    shown: ['Esc'],
    does: 'leave Present, All runs, Compare, Sweep, the map of adapters or a complaint; close a panel',
    keys: { Escape: leave },
  },
  {
    shown: ['1', '–', '4'],
    does: 'in Present: show that chart',
    keys: { '1': present(0), '2': present(2), '3': present(1), '4': present(3) },
  },
  {
    shown: ['x'],
    does: 'in Present: freeze the axes of the charts, or let them follow the run',
    keys: { x: inPresent((s) => ({ type: 'freeze', on: s.frozen === null })) },
  },
  { shown: ['Space'], does: 'in Present: train, pause; of a complaint its switch', keys: { ' ': inPresent(main) } },
  {
    shown: ['↑', '↓'],
    does: 'in Present: rank, next tick (Shift: by one)',
    keys: { ArrowUp: inPresent(fineRank(1)), ArrowDown: inPresent(fineRank(-1)) },
  },
  {
    shown: ['←', '→'],
    does: 'in Present and on the timeline: scrub through the run; Shift for larger steps. In a plan of a lesson: its lines',
    keys: { ArrowLeft: along(-1), ArrowRight: along(1) },
  },
  {
    shown: ['o'],
    does: 'all experiments; again: back to the lab',
    keys: {
      o: (s) => (isExercise(s.view) ? null : toggle('experiments')(s)),
    },
  },
  {
    shown: ['w'],
    does: 'sweep: settings and seeds over lists; again: back to the lab. There t shows its runs as a table',
    keys: { w: toggle('sweep') },
  },
  {
    shown: ['b'],
    does: 'draw on the owl',
    keys: {
      b: (s) => (isLab(s.view) && !isFixed('target', s.view) ? { type: 'draw', on: 'owl' } : null),
    },
  },
  { shown: ['c'], does: 'copy the link', keys: { c: () => ({ type: 'command', command: 'copy-link' }) } },
  { shown: ['e'], does: 'export', keys: { e: panel('export') } },
  { shown: ['m'], does: 'merge the adapter into the weight', keys: { m: panel('merge') } },
  {
    shown: ['d'],
    does: 'the focused chart’s data as a table',
    keys: { d: (_, { chart }) => ({ type: 'panel', panel: { name: 'table', chart: chart ?? FIRST_CHART } }) },
  },
  // Works even while shortcuts are off, so it is handled in keys.ts.
  { shown: ['Ctrl+Z'], does: 'undo; Ctrl+Shift+Z or Ctrl+Y to redo (⌘ on a Mac)', keys: {} },
  { shown: ['?'], does: 'this list', keys: { '?': panel('keys') } },
];

export function eventOf(key: string, state: State, pressed: KeyContext): PageEvent | null {
  // During a sweep, in the clinic and beside the map of adapters the lab's run is hidden: its keys would change it unseen.
  const screen = screenOf(state);
  if (screen === 'clinic' && Object.hasOwn(IN_CLINIC, key)) return IN_CLINIC[key](state);
  if (['which', 'clinic'].includes(screen) && !BESIDE_THE_MAP.includes(key)) return null;
  // A sweep is of the lab's run, which a complaint is not.
  if (screen === 'clinic' && key === 'w') return null;
  if (state.view.view === 'sweep' && !IN_SWEEP.includes(key)) return inSweep(key);
  const found = KEYS.find(({ keys }) => Object.hasOwn(keys, key));
  return found?.keys[key](state, pressed) ?? null;
}

/** On a projector: the switch of a complaint. */
const remedy = ({ view, clinic }: State): PageEvent | null =>
  view.view === 'present'
    ? { type: 'clinic', clinic: { ...clinic, cured: clinic.cured === view.case ? '' : view.case } }
    : null;

const IN_CLINIC: Readonly<Record<string, (state: State) => PageEvent | null>> = {
  n: complaint(1),
  p: complaint(-1),
  ' ': remedy,
};
const BESIDE_THE_MAP: readonly string[] = ['w', 'o', 'c', 'f', '?', 'Escape'];
const IN_SWEEP: readonly string[] = ['w', 'o', 'v', 'c', 'e', '?', 'Escape'];

function inSweep(key: string): PageEvent | null {
  return key === 't' || key === 'd' ? { type: 'panel', panel: { name: 'table', chart: 'sweep' } } : null;
}
