import { LinkButton } from '../../kit/button.tsx';
import { optionsOf, Select } from '../../kit/choice.tsx';
import type { Width } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import { canPresent, goTo, isLab } from '../../state/places.ts';
import type { State, Theme } from '../../state/state.ts';
import { Offer } from '../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../page.tsx';
import { useTourReplay } from './experiments.tsx';

const THEMES: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

const panel = (name: 'share' | 'export' | 'merge' | 'keys' | 'difference' | 'about'): PageEvent => ({
  type: 'panel',
  panel: { name },
});
const SHARE = panel('share');
export const EXPORT = panel('export');
const PRESENT = goTo('present');
export const WALL = goTo('wall');

export const MAKE_CLASS_LINK = goTo('class');

interface MoreProps {
  readonly width: Width;
  readonly lastRun: boolean;
  /** An exercise's bar has little more than the hand-in button. */
  readonly exercise: boolean;
}

export function More({ width, lastRun, exercise }: MoreProps) {
  return (
    <Menu label="More" kind="more">
      {lastRun && <LastRun />}
      {width === 'phone' && <Action event={SHARE}>Share link</Action>}
      {(width !== 'desk' || exercise) && (
        <>
          <PageParts />
          {width !== 'desk' && <History />}
          <Action event={EXPORT}>Export</Action>
          <PresentButton />
        </>
      )}
      <Action event={WALL}>Class wall</Action>
      <Action event={panel('merge')}>Merge</Action>
      <Action event={MAKE_CLASS_LINK}>Class link …</Action>
      <Action event={panel('keys')}>Shortcuts</Action>
      <ThemePicker />
      <Action event={panel('difference')}>Back end</Action>
      <PlayAgain />
      <Action event={panel('about')}>About</Action>
    </Menu>
  );
}

function PlayAgain() {
  return <LinkButton onClick={useTourReplay()}>Play the introduction</LinkButton>;
}

export function LastRun() {
  return <Offer about="offer" name="Last run" />;
}

export function Action({ event, children }: { readonly event: PageEvent; readonly children: string }) {
  return (
    <Press className="link" event={event}>
      {children}
    </Press>
  );
}

/** Shows the lab on a projector; not available for the screens that replace it. */
export function PresentButton() {
  const shown = useLab(canPresent);
  const dispatch = useDispatch();
  return (
    <LinkButton
      aria-disabled={!shown || undefined}
      title={shown ? undefined : 'Present shows the lab: go back to it first'}
      onClick={() => shown && dispatch(PRESENT)}
    >
      Present
    </LinkButton>
  );
}

export function ThemePicker() {
  const theme = useLab((s) => s.theme);
  const dispatch = useDispatch();
  return (
    <Select
      className="pick quiet theme"
      aria-label="Theme"
      options={optionsOf(THEMES)}
      value={theme}
      onChange={(to) => dispatch({ type: 'theme', theme: to })}
    />
  );
}

export function History() {
  const [back, forth] = [useLab((s) => s.past.length > 0), useLab((s) => s.future.length > 0)];
  return (
    <span className="history">
      <Press className="link" disabled={!back} title="Undo the last change (Ctrl+Z)" event={{ type: 'undo' }}>
        Undo
      </Press>
      <Press className="link" disabled={!forth} title="Redo the change (Ctrl+Shift+Z)" event={{ type: 'redo' }}>
        Redo
      </Press>
    </span>
  );
}

export function ShareButton() {
  return (
    <Press className="btn share" event={SHARE}>
      Share link
    </Press>
  );
}

interface BarPlace {
  readonly label: string;
  readonly now?: (state: State) => string;
  readonly count?: (state: State) => number;
  readonly isOpen: (state: State) => boolean;
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
    event: () => goTo('adapters'),
  },
  {
    label: 'Runs',
    count: (s) => s.compare.listed.length,
    isOpen: (s) => s.view.view === 'runs',
    event: (open) => goTo(open ? 'lab' : 'runs'),
  },
  {
    label: 'Compare',
    count: (s) => s.compare.pins.length,
    isOpen: (s) => s.view.view === 'compare',
    event: (open) => goTo(open ? 'lab' : 'compare'),
  },
  {
    label: 'Sweep',
    now: ({ view, sweep }) => (isLab(view) && sweep.opened ? 'Back to the sweep' : 'Sweep'),
    isOpen: (s) => s.view.view === 'sweep',
    event: (open) => goTo(open ? 'lab' : 'sweep'),
  },
];

/** Links to the other pages. The open one is marked, and pressing it again goes back to the lab. */
export function PageParts({ only = false }: Pick<LeadingProps, 'only'>) {
  return PLACES.map((place) => <Leading key={place.label} place={place} only={only} />);
}

export function LabLink() {
  return (
    <Press className="link place to-lab" event={{ type: 'viewed', changes: { lesson: '', step: 1 } }}>
      Lab
    </Press>
  );
}

interface LeadingProps {
  readonly place: BarPlace;
  readonly only?: boolean;
}

function Leading({ place, only }: LeadingProps) {
  const open = useLab(place.isOpen);
  const label = useLab((s) => place.now?.(s) ?? place.label);
  const count = useLab((s) => place.count?.(s) ?? 0);
  if (only && !open && label === place.label) return null;
  return (
    <Press className="link place" aria-pressed={open} event={place.event(open)}>
      {label} {count > 0 && <span className="count">{count}</span>}
    </Press>
  );
}
