import { MAX_FRAGMENT } from '../experiment/link/link.ts';
import { isFactoredData } from '../experiment/settings/data-kind.ts';
import type { PageEvent } from '../state/events.ts';
import { shortLinkOf } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** WebKit throws after 100 changes in 10 s. */
const EVERY_MS = 250;

interface HistoryEntry {
  /** True if Present, the class wall or the page of adapters was entered from the lab: Back leads there. */
  readonly apart?: boolean;
  /** True if the page of adapters was left for something new in the lab: Back returns to it, and the lab keeps that. */
  readonly onward?: boolean;
}

const entryNow = (): Partial<HistoryEntry> => {
  const entry: unknown = history.state;
  return typeof entry === 'object' && entry !== null ? entry : {};
};

/** Views entered from the lab, and left for it with its run unchanged. */
const APART = ['present', 'wall', 'adapters'] as const;

/** Browsers cut or refuse addresses of megabytes, so no large matrix; for the page of adapters nothing of a file. */
function addressOf(s: State): string {
  const holds = s.view.view === 'adapters' && isFactoredData(s.experiment.data);
  return shortLinkOf(holds ? { ...s, experiment: { ...s.experiment, data: '' } } : s, MAX_FRAGMENT);
}

const seenAs = (s: State, view: (typeof APART)[number]) => addressOf({ ...s, view: { ...s.view, view } });

const isApart = ({ view }: State) => APART.some((one) => one === view.view);

/** Keeps the address bar at the screen: replaced by controls, a new entry for a preset, a file or Present. */
export function createAddressBar() {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pushes = false;
  let state: State | null = null;
  /** True while going back to the lab's entry, from which the view was entered. */
  let leaving = false;
  const write = () => {
    timer = null;
    // A lesson that needs no matrices does not wait for them.
    if (!state || (state.next && !state.reads)) return;
    const link = addressOf(state);
    const apart = isApart(state) && entryNow().apart === true;
    const entry: HistoryEntry = apart ? { apart } : {};
    if (link !== location.hash) {
      if (pushes) history.pushState(entry, '', link);
      else history.replaceState(entry, '', link);
    }
    pushes = false;
  };
  const follow = (now: State, before: State, event: PageEvent) => {
    if (event.type === 'viewed' && isApart(now) !== isApart(before)) {
      const entry: HistoryEntry = { apart: true };
      if (isApart(now)) {
        const { apart, onward } = entryNow();
        if (!apart && !onward) history.pushState(entry, '', addressOf(now));
      } else if (event.onward) {
        history.replaceState({ ...entryNow(), onward: true } satisfies HistoryEntry, '');
        history.pushState({} satisfies HistoryEntry, '', addressOf(now));
      } else if (entryNow().apart) {
        leaving = true;
        history.back();
      }
    }
    const matters = now.next !== before.next || now.experiment !== before.experiment || now.view !== before.view;
    if (event.type === 'opened' && event.preset !== null && !event.fromAddress && before.run.ready) pushes = true;
    if (event.type === 'recorded') pushes = true;
    if (!matters) return;
    state = now;
    if (timer === null) timer = setTimeout(write, EVERY_MS);
  };
  /** Steps through the history to and from such a view, keeping the run. False if the address has to be opened. */
  const back = (now: State, dispatch: (event: PageEvent) => void): boolean => {
    const asked = leaving;
    leaving = false;
    if (asked) write();
    else if (isApart(now) && !entryNow().apart && !/[#&]view=(present|wall|adapters)\b/.test(location.hash))
      dispatch({ type: 'viewed', changes: { view: 'lab' } });
    else {
      const { apart, onward } = isApart(now) ? {} : entryNow();
      const again = onward ? 'adapters' : apart && APART.find((v) => location.hash === seenAs(now, v));
      if (!again) return false;
      dispatch({ type: 'viewed', changes: { view: again } });
    }
    return true;
  };
  return { follow, back };
}
