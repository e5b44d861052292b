import { LONGEST_READ } from '../experiment/link/link.ts';
import type { PageEvent } from '../state/events.ts';
import { shortLinkOf } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** WebKit throws after 100 changes in 10 s. */
const EVERY_MS = 250;

interface Entry {
  /** True where Present was entered from the lab, so that Back leads there and not off the page. */
  readonly present?: boolean;
}

const entryNow = (): Partial<Entry> => {
  const entry: unknown = history.state;
  return typeof entry === 'object' && entry !== null ? entry : {};
};

/** The address of what is on screen as Present shows it. */
const presented = (s: State) => shortLinkOf({ ...s, view: { ...s.view, view: 'present' } }, LONGEST_READ);

const presents = (s: State) => s.view.view === 'present';

/**
 * Keeps the address bar at what is on screen: replaced while controls move, an entry of its own for a preset, a file or
 * Present.
 */
export function createAddressBar() {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pushes = false;
  let state: State | null = null;
  /** On the way back to the entry of the lab, from which Present was entered. */
  let leaving = false;
  const write = () => {
    timer = null;
    if (!state || state.next) return;
    // Browsers cut or refuse addresses of megabytes: a large matrix is not in it.
    const link = shortLinkOf(state, LONGEST_READ);
    const present = presents(state) && entryNow().present === true;
    const entry: Entry = present ? { present } : {};
    if (link !== location.hash) {
      if (pushes) history.pushState(entry, '', link);
      else history.replaceState(entry, '', link);
    }
    pushes = false;
  };
  const follow = (now: State, before: State, event: PageEvent) => {
    if (event.type === 'viewed' && presents(now) !== presents(before)) {
      const entry: Entry = { present: true };
      if (presents(now)) {
        if (!entryNow().present) history.pushState(entry, '', shortLinkOf(now, LONGEST_READ));
      } else if (entryNow().present) {
        leaving = true;
        history.back();
      }
    }
    const matters =
      now.next !== before.next ||
      now.experiment !== before.experiment ||
      now.view !== before.view ||
      now.screen !== before.screen;
    if (event.type === 'opened' && event.preset !== null && !event.fromAddress && before.run.ready) pushes = true;
    if (event.type === 'recorded') pushes = true;
    if (!matters) return;
    state = now;
    if (timer === null) timer = setTimeout(write, EVERY_MS);
  };
  /**
   * After a step through the history: leaves Present, or goes there again from a lab that has not changed, and keeps the run.
   * False where the address is to be opened.
   */
  const back = (now: State, dispatch: (event: PageEvent) => void): boolean => {
    const asked = leaving;
    leaving = false;
    if (asked) write();
    else if (presents(now) && !entryNow().present) dispatch({ type: 'viewed', changes: { view: 'lab' } });
    else if (!presents(now) && entryNow().present && location.hash === presented(now))
      dispatch({ type: 'viewed', changes: { view: 'present' } });
    else return false;
    return true;
  };
  return { follow, back };
}
