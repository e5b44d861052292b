import { LinkButton } from '../../kit/button.tsx';
import { optionsOf, Select } from '../../kit/choice.tsx';
import type { Width } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import type { Theme } from '../../state/state.ts';
import { canPresent } from '../../state/view.ts';
import { Offer } from '../notices/notices.tsx';
import { Press, useDispatch, useShown } from '../page.tsx';
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
  return <LinkButton onClick={usePlayAgain()}>Play the introduction</LinkButton>;
}

/** A run that was kept on this device. */
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

/** Shows the lab on a projector; a screen in its place is not shown so. */
export function Present() {
  const shown = useShown(canPresent);
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

/** Copies the link of what is on screen and shows it. */
export function ShareButton() {
  return (
    <Press className="btn share" event={SHARE}>
      Share link
    </Press>
  );
}
