import { MAX_FRAGMENT } from '../experiment/link/link.ts';
import { isModuleData } from '../experiment/settings/data-kind.ts';
import type { View } from '../experiment/settings/view.ts';
import type { PageEvent } from '../state/events.ts';
import { goTo, isAdapters } from '../state/places.ts';
import { isTrained, shortLinkOf } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** WebKit throws after 100 changes in 10 s. */
const EVERY_MS = 250;

/** An entry of the browser's history: a place, and the layers over it. Settings and training change none of it. */
interface HistoryEntry {
  /** Number of entries of this page below it. */
  readonly index: number;
  /** Number of entries directly below it that Back leaves out: of layers that were closed. */
  readonly skip: number;
  /** Which experiment was opened: an entry of another is opened by its address. */
  readonly opened: number;
  readonly at: Pick<View, (typeof PLACE_KEYS)[number]>;
  /** Number of layers: Present, the drawing pad, a panel. */
  readonly layers: number;
  /** Its run was trained to its end when another was opened: Back shows it trained. */
  readonly done: boolean;
}

const PLACE_KEYS = ['view', 'lesson', 'step', 'module', 'case'] as const;

function entryNow(): HistoryEntry | null {
  const entry: Partial<HistoryEntry> | null = history.state;
  return typeof entry === 'object' && entry?.at ? (entry as HistoryEntry) : null;
}

/** Browsers cut or refuse addresses of megabytes, so no large matrix; for the place of adapters nothing of a file. */
function addressOf(s: State): string {
  const holds = isAdapters(s.view) && isModuleData(s.experiment.data);
  return shortLinkOf(holds ? { ...s, experiment: { ...s.experiment, data: '' } } : s, MAX_FRAGMENT);
}

/** The place below the layers. */
const placeOf = ({ view, presents }: State): HistoryEntry['at'] => ({
  view: view.view === 'present' ? presents : view.view,
  lesson: view.lesson,
  step: view.step,
  module: view.module,
  case: view.case,
});

const isSamePlace = (a: State, b: State) => PLACE_KEYS.every((key) => placeOf(a)[key] === placeOf(b)[key]);

const layersOf = ({ view, editor, panel }: State) => [view.view === 'present', editor, panel].filter(Boolean).length;

/** The event that removes the topmost layer; null: there is none. */
function closing({ view, editor, panel, presents }: State): PageEvent | null {
  if (panel) return { type: 'panel', panel: null };
  if (editor !== null) return { type: 'draw', on: null };
  return view.view === 'present' ? goTo(presents) : null;
}

/** Whether an event opens another experiment, to which Back does not lead by a change of place. */
function opensAnother(event: PageEvent, before: State): boolean {
  if (event.type === 'opened') return event.preset !== null && !event.fromAddress && before.run.ready !== null;
  return event.type === 'recorded' && !event.fromAddress;
}

/** Keeps the address and the browser's history at what is on screen. */
export function createAddressBar() {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let state: State | null = null;
  /** The entry on screen; after a step through the history the one that was left. */
  let last = entryNow();
  let opened = last?.opened ?? 0;
  /** True while an entry is restored: it is there already. */
  let restoring = false;

  const put = (how: 'pushState' | 'replaceState', s: State, index: number, skip: number) => {
    last = {
      index,
      skip,
      opened,
      at: { ...placeOf(s), view: s.view.view },
      layers: layersOf(s),
      done: isTrained(s),
    };
    history[how](last, '', addressOf(s));
  };
  const write = (now = state, closed = 0) => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // A lesson that needs no matrices does not wait for them.
    if (!now || (now.next && !now.reads)) return;
    const { index = 0, skip = 0 } = entryNow() ?? {};
    put('replaceState', now, index, skip + closed);
  };
  /** An entry whose layer was closed shows what the one below it does, so that the next place takes it over. */
  const push = (now: State) => {
    const { index = 0, skip = 0 } = entryNow() ?? {};
    if (skip > 0) put('replaceState', now, index, skip - 1);
    else put('pushState', now, index + 1, 0);
  };
  const follow = (now: State, before: State, event: PageEvent) => {
    const moved = !isSamePlace(now, before);
    const layers = layersOf(now) - layersOf(before);
    const another = opensAnother(event, before);
    const opens = event.type === 'opened' || event.type === 'recorded';
    const given = opens && (event.fromAddress === true || (event.type === 'opened' && event.scripted === true));
    state = now;
    // Another screen begins at its top; Back leads to where one was on it.
    const other = (['view', 'lesson', 'case'] as const).some((key) => now.view[key] !== before.view[key]);
    if (!restoring && other && scrollY > 0) requestAnimationFrame(() => scrollTo(0, 0));
    if (!restoring && !given && before.origin !== null) {
      if (layers > 0 || ((moved || another) && layers === 0)) {
        if (timer !== null || another) write(before);
        if (another) opened++;
        push(now);
      } else if (layers < 0 && !moved && !another) write(now, -layers);
    }
    if (now.next === before.next && now.experiment === before.experiment && now.view === before.view) return;
    timer ??= setTimeout(() => write(), EVERY_MS);
  };
  /** The browser has gone to another entry: shows its place. False if its address has to be opened. */
  const restore = (now: () => State, dispatch: (event: PageEvent) => void): boolean => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const left = last;
    const entry = entryNow();
    last = entry;
    if (left && entry && left.skip > 0 && entry.index === left.index - 1) {
      history.go(-left.skip);
      return true;
    }
    const same = entry !== null && entry.opened === opened;
    // An address without an entry was just typed or followed: it opens another experiment, or another plan.
    opened = entry ? entry.opened : opened + 1;
    if (!same) return false;
    restoring = true;
    for (let layers = layersOf(now()); layers > entry.layers; layers--) {
      const close = closing(now());
      if (close) dispatch(close);
    }
    if (PLACE_KEYS.some((key) => now().view[key] !== entry.at[key])) dispatch({ type: 'viewed', changes: entry.at });
    restoring = false;
    write();
    return true;
  };
  return { follow, restore, wasTrained: () => entryNow()?.done === true };
}
