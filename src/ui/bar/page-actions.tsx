import { optionsOf, Select } from '../../kit/choice.tsx';
import type { Width } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import type { Theme } from '../../state/state.ts';
import { canPresent } from '../../state/view.ts';
import { Offer } from '../notices/notices.tsx';
import { useDispatch, useShown } from '../page.tsx';
import { usePlayAgain } from './experiments.tsx';
import { Places } from './places.tsx';

const THEMES: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

const panel = (name: 'share' | 'export' | 'merge' | 'keys' | 'difference' | 'about'): PageEvent => ({
  type: 'panel',
  panel: { name },
});
const SHARE = panel('share');
export const EXPORT = panel('export');
const PRESENT: PageEvent = { type: 'viewed', changes: { view: 'present' } };
export const WALL: PageEvent = { type: 'viewed', changes: { view: 'wall' } };

export const MAKE_CLASS_LINK: PageEvent = { type: 'screen', screen: 'class' };

interface MoreProps {
  readonly width: Width;
  readonly lastRun: boolean;
  /** An exercise's bar has little but what hands its run in. */
  readonly exercise: boolean;
}

/** What the bar has no room for, and what is pressed less often. */
export function More({ width, lastRun, exercise }: MoreProps) {
  return (
    <Menu label="More" kind="more">
      {lastRun && <LastRun />}
      {width === 'phone' && <Action event={SHARE}>Share link</Action>}
      {(width !== 'desk' || exercise) && (
        <>
          <Places />
          {width !== 'desk' && <History />}
          <Action event={EXPORT}>Export</Action>
          <Present />
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
  return (
    <button type="button" className="link" onClick={usePlayAgain()}>
      Play the introduction
    </button>
  );
}

/** A run that was kept on this device. */
export function LastRun() {
  return <Offer about="offer" name="Last run" />;
}

export function Action({ event, children }: { readonly event: PageEvent; readonly children: string }) {
  const dispatch = useDispatch();
  return (
    <button type="button" className="link" onClick={() => dispatch(event)}>
      {children}
    </button>
  );
}

/** Shows the lab on a projector; a screen in its place is not shown so. */
export function Present() {
  const shown = useShown(canPresent);
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="link"
      aria-disabled={!shown || undefined}
      title={shown ? undefined : 'Present shows the lab: go back to it first'}
      onClick={() => shown && dispatch(PRESENT)}
    >
      Present
    </button>
  );
}

export function ThemePicker() {
  const theme = useShown((s) => s.theme);
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

/** Undo and redo of settings. */
export function History() {
  const [back, forth] = [useShown((s) => s.past.length > 0), useShown((s) => s.future.length > 0)];
  const dispatch = useDispatch();
  return (
    <span className="history">
      <button
        type="button"
        className="link"
        disabled={!back}
        title="Undo the last change (Ctrl+Z)"
        onClick={() => dispatch({ type: 'undo' })}
      >
        Undo
      </button>
      <button
        type="button"
        className="link"
        disabled={!forth}
        title="Redo the change (Ctrl+Shift+Z)"
        onClick={() => dispatch({ type: 'redo' })}
      >
        Redo
      </button>
    </span>
  );
}

/** Copies the link of what is on screen and shows it. */
export function ShareButton() {
  const dispatch = useDispatch();
  return (
    <button type="button" className="btn share" onClick={() => dispatch(SHARE)}>
      Share link
    </button>
  );
}
