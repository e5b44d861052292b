import type { PageEvent } from '../../state/events.ts';
import type { State } from '../../state/state.ts';
import { Press, useShown } from '../page.tsx';

/** A part of the page that the bar leads to. */
interface BarPlace {
  readonly label: string;
  /** What it says as things stand; left out: `label`. */
  readonly now?: (state: State) => string;
  /** How many there are of what it holds, beside its name; nothing where there are none. */
  readonly count?: (state: State) => number;
  readonly isOpen: (state: State) => boolean;
  /** Opens it; closes it where it is open. */
  readonly event: (open: boolean) => PageEvent;
}

const PLACES: readonly BarPlace[] = [
  {
    label: 'Lessons',
    isOpen: (s) => s.view.lesson !== '',
    event: (open) => ({ type: 'viewed', changes: { lesson: open ? '' : 'contents' } }),
  },
  {
    label: 'Adapters',
    isOpen: (s) => s.view.view === 'adapters',
    event: () => ({ type: 'viewed', changes: { view: 'adapters' } }),
  },
  {
    label: 'Runs',
    count: (s) => s.compare.listed.length,
    isOpen: (s) => s.compare.list,
    event: (open) => ({ type: 'compare', does: 'list', open: !open }),
  },
  {
    label: 'Compare',
    count: (s) => s.compare.pins.length,
    isOpen: (s) => s.screen === 'compare',
    event: (open) => ({ type: 'screen', screen: open ? 'lab' : 'compare' }),
  },
  {
    label: 'Sweep',
    now: ({ screen, sweep }) => (screen === 'lab' && sweep.opened ? 'Back to the sweep' : 'Sweep'),
    isOpen: ({ screen }) => screen === 'sweep',
    event: (open) => ({ type: 'screen', screen: open ? 'lab' : 'sweep' }),
  },
];

/** The parts of the page beside the lab: the open one is marked, and another press goes back to the lab. */
export function Places({ only = false }: Pick<LeadingProps, 'only'>) {
  return PLACES.map((place) => <Leading key={place.label} place={place} only={only} />);
}

/** In the place of the experiments, where a lesson stands in that of the lab: the way to it. */
export function ToLab() {
  return (
    <Press className="link place to-lab" event={{ type: 'viewed', changes: { lesson: '', step: 1 } }}>
      Lab
    </Press>
  );
}

interface LeadingProps {
  readonly place: BarPlace;
  /** Left out unless it is open, or is gone back to. */
  readonly only?: boolean;
}

function Leading({ place, only }: LeadingProps) {
  const open = useShown(place.isOpen);
  const label = useShown((s) => place.now?.(s) ?? place.label);
  const count = useShown((s) => place.count?.(s) ?? 0);
  if (only && !open && label === place.label) return null;
  return (
    <Press className="link place" aria-pressed={open} event={place.event(open)}>
      {label} {count > 0 && <span className="count">{count}</span>}
    </Press>
  );
}
