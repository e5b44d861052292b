/** The places of the page. */

import type { View, ViewName } from '../experiment/settings/view.ts';
import type { PageEvent } from './events.ts';
import type { State } from './state.ts';

const BARE: readonly ViewName[] = ['present', 'embed', 'wall', 'adapters'];

/** Whether the page has its own bar: not on a projector, in a frame, and in the two views with another. */
export const hasBar = ({ view }: Pick<View, 'view'>): boolean => !BARE.includes(view);

/** Whether the lab is on screen, also with the list of runs in the place of its rail. */
export const isLab = ({ view }: Pick<View, 'view'>): boolean => view === 'lab' || view === 'runs';

type Seen = Pick<State, 'view' | 'presents'>;

/** Leads to a place. */
export const goTo = (view: ViewName): PageEvent => ({ type: 'viewed', changes: { view } });

/** Whether there is something to present: the lab, or runs side by side. */
export const canPresent = ({ view }: Pick<State, 'view'>): boolean => isLab(view) || view.view === 'compare';

/** Whether the runs side by side are on screen, on a projector too. */
export const isComparing = ({ view, presents }: Seen): boolean =>
  view.view === 'compare' || (view.view === 'present' && presents === 'compare');
