import type { PageEvent } from '../../state/events.ts';
import type { Theme } from '../../state/state.ts';
import { Menu } from '../menu.tsx';
import { useDispatch, useShown } from '../page.tsx';

const THEMES: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

/** Everything in the bar that is not about one experiment. */
export function PageActions() {
  return (
    <>
      <Action event={{ type: 'panel', panel: { name: 'export' } }}>Export</Action>
      <Action event={{ type: 'panel', panel: { name: 'merge' } }}>Merge</Action>
      <Action event={{ type: 'viewed', changes: { view: 'present' } }}>Present</Action>
      <Action event={{ type: 'panel', panel: { name: 'keys' } }}>Shortcuts</Action>
      <ThemePicker />
      <Action event={{ type: 'panel', panel: { name: 'about' } }}>About</Action>
    </>
  );
}

function Action({ event, children }: { readonly event: PageEvent; readonly children: string }) {
  const dispatch = useDispatch();
  return (
    <button type="button" className="link" onClick={() => dispatch(event)}>
      {children}
    </button>
  );
}

function ThemePicker() {
  const theme = useShown((s) => s.theme);
  const dispatch = useDispatch();
  return (
    <select
      className="pick quiet theme"
      aria-label="Theme"
      value={theme}
      onChange={(event) => dispatch({ type: 'theme', theme: event.currentTarget.value as Theme })}
    >
      {Object.entries(THEMES).map(([name, label]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </select>
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

/** What a narrow bar has no room for. */
export function More() {
  return (
    <Menu label="More" kind="more">
      <History />
      <PageActions />
    </Menu>
  );
}

/** Copies the link of what is on screen and shows it. */
export function ShareButton() {
  const dispatch = useDispatch();
  return (
    <button type="button" className="btn share" onClick={() => dispatch({ type: 'panel', panel: { name: 'share' } })}>
      Share<span className="wide"> link</span>
    </button>
  );
}
