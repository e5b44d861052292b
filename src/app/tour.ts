import { storedText } from '../kit/storage.ts';
import type { Store } from '../state/store.ts';

/** If storage is refused, the show plays again. */
const SEEN = storedText('lora-explorer/opening');

/**
 * How the show of a first visit plays, null where it does not: on a link, in a frame of another page, for somebody who has
 * seen it. Where less motion is asked for it waits.
 */
export function tourMode(fragment: string): 'itself' | 'hand' | null {
  if (fragment.replace(/^#/, '') !== '' || parent !== window || document.hidden || SEEN.get() !== null) return null;
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'hand' : 'itself';
}

/** Remembers on this device that the show was seen, once its second caption has been shown or a person has skipped it. */
export function rememberTour(lab: Store): void {
  lab.react(({ show }, { show: before }, event) => {
    const skipped = event.type === 'show' && event.caption === null;
    const begun = show !== null && show.caption !== 1 && show.caption !== before?.caption;
    if (skipped || begun) SEEN.set('seen');
  });
}
