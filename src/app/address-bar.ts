import { MAX_FRAGMENT } from '../experiment/link/link.ts';
import { isFactoredData } from '../experiment/settings/data-kind.ts';
import type { View } from '../experiment/settings/view.ts';
import type { PageEvent } from '../state/events.ts';
import { goTo, isAdapters } from '../state/places.ts';
import { shortLinkOf } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** WebKit throws after 100 changes in 10 s. */
const EVERY_MS = 250;

/** An entry of the browser's history: a place, and the layers over it. Settings and training change none of it. */
interface HistoryEntry {
  /** Number of entries of this page below it. */
  readonly index: number;
  /** Which experiment was opened: an entry of another is opened by its address. */
  readonly opened: number;
  readonly at: Pick<View, (typeof PLACE_KEYS)[number]>;
  /** Number of layers: Present, the drawing pad, a panel. Closing one leads back instead of on. */
  readonly layers: number;
}

const PLACE_KEYS = ['view', 'lesson', 'step', 'module'] as const;

function entryNow(): HistoryEntry | null {
  const entry: Partial<HistoryEntry> | null = history.state;
  return typeof entry === 'object' && entry?.at ? (entry as HistoryEntry) : null;
}

/** Browsers cut or refuse addresses of megabytes, so no large matrix; for the place of adapters nothing of a file. */
function addressOf(s: State): string {
  const holds = isAdapters(s.view) && isFactoredData(s.experiment.data);
  return shortLinkOf(holds ? { ...s, experiment: { ...s.experiment, data: '' } } : s, MAX_FRAGMENT);
}

/** The place below the layers. */
const placeOf = ({ view, presents }: State): HistoryEntry['at'] => ({
  view: view.view === 'present' ? presents : view.view,
  lesson: view.lesson,
  step: view.step,
  module: view.module,
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
  let opened = entryNow()?.opened ?? 0;
  /** True while an entry is restored: it is there already. */
  let restoring = false;
  /** Entries to go back by as soon as nothing else is opened in the place of the closed layers. */
  let leaving = 0;
  /** True after the page itself went back: that entry is on screen already. */
  let arrives = false;

  const entryOf = (s: State, index: number): HistoryEntry => ({
    index,
    opened,
    at: { ...placeOf(s), view: s.view.view },
    layers: layersOf(s),
  });
  const write = (now = state) => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // A lesson that needs no matrices does not wait for them.
    if (!now || leaving > 0 || (now.next && !now.reads)) return;
    history.replaceState(entryOf(now, entryNow()?.index ?? 0), '', addressOf(now));
  };
  const push = (now: State) => {
    const index = entryNow()?.index ?? 0;
    const entry = entryOf(now, leaving > 0 ? index : index + 1);
    if (leaving > 0) history.replaceState(entry, '', addressOf(now));
    else history.pushState(entry, '', addressOf(now));
    leaving = 0;
  };
  /** Layers were closed, and nothing else happened: the entry below is the one on screen now. */
  const goBack = () => {
    const by = Math.min(leaving, entryNow()?.index ?? 0);
    leaving = 0;
    if (by === 0) return write();
    arrives = true;
    history.go(-by);
  };
  const follow = (now: State, before: State, event: PageEvent) => {
    const moved = !isSamePlace(now, before);
    const layers = layersOf(now) - layersOf(before);
    const another = opensAnother(event, before);
    if (another) opened++;
    const given =
      (event.type === 'opened' && (event.fromAddress === true || event.scripted === true)) ||
      (event.type === 'recorded' && event.fromAddress === true);
    // The browser has made an entry for a link that was followed on the page.
    if (given && entryNow() === null) opened++;
    state = now;
    if (!restoring && !given && before.origin !== null && (moved || another || layers !== 0)) {
      if (layers > 0 || ((moved || another) && layers === 0)) {
        if (timer !== null && leaving === 0) write(before);
        push(now);
      } else if (!moved && !another) {
        if (leaving === 0) setTimeout(() => leaving > 0 && goBack());
        leaving -= layers;
      }
    }
    if (now.next === before.next && now.experiment === before.experiment && now.view === before.view) return;
    timer ??= setTimeout(() => write(), EVERY_MS);
  };
  /** The browser has gone to another entry: shows its place. False if its address has to be opened. */
  const restore = (now: () => State, dispatch: (event: PageEvent) => void): boolean => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const entry = entryNow();
    if (arrives) {
      arrives = false;
      write();
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
  return { follow, restore };
}
