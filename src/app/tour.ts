import { storedText } from '../kit/storage.ts';
import type { Store } from '../state/store.ts';

/** If storage is refused, the tour plays again. */
const SEEN = storedText('lora-explorer/opening');

/** Null on a link, in a frame of another page, and for returning visitors. `hand` if reduced motion is requested. */
export function tourMode(fragment: string): 'itself' | 'hand' | null {
  if (fragment.replace(/^#/, '') !== '' || parent !== window || document.hidden || SEEN.get() !== null) return null;
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'hand' : 'itself';
}

/** Stores on this device that the tour was seen, once its second caption was shown or it was skipped. */
export function rememberTour(lab: Store): void {
  lab.react(({ show }, { show: before }, event) => {
    const skipped = event.type === 'show' && event.caption === null;
    const begun = show !== null && show.caption !== 1 && show.caption !== before?.caption;
    if (skipped || begun) SEEN.set('seen');
  });
}
