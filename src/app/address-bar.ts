import { LONGEST_READ } from '../experiment/link/link.ts';
import type { PageEvent } from '../state/events.ts';
import { shortLinkOf } from '../state/select.ts';
import type { State } from '../state/state.ts';

/** WebKit throws after 100 changes in 10 s. */
const EVERY_MS = 250;

interface Entry {
  /** True where the learning rate in the address was derived, not chosen: a reload keeps it derived. */
  readonly derived: boolean;
}

/** True for a history entry whose rate was derived: opening it again leaves the rate to the page. */
export function wasDerived(): boolean {
  const entry: unknown = history.state;
  return typeof entry === 'object' && entry !== null && (entry as Partial<Entry>).derived === true;
}

/** Keeps the address bar at what is on screen: replaced while controls move, an entry of its own for a preset or a file. */
export function createAddressBar() {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let pushes = false;
  let state: State | null = null;
  const write = () => {
    timer = null;
    if (!state || state.next) return;
    // Browsers cut or refuse addresses of megabytes: a large matrix is not in it.
    const link = shortLinkOf(state, LONGEST_READ);
    const entry: Entry = { derived: state.experiment.lr === null };
    if (link === location.hash) {
      pushes = false;
      if (wasDerived() !== entry.derived) history.replaceState(entry, '');
      return;
    }
    if (pushes) history.pushState(entry, '', link);
    else history.replaceState(entry, '', link);
    pushes = false;
  };
  return (now: State, before: State, event: PageEvent) => {
    const matters = now.next !== before.next || now.experiment !== before.experiment || now.view !== before.view;
    if (event.type === 'opened' && event.preset !== null && !event.fromAddress && before.run.ready) pushes = true;
    if (event.type === 'recorded') pushes = true;
    if (!matters) return;
    state = now;
    if (timer === null) timer = setTimeout(write, EVERY_MS);
  };
}
