import type { PageEvent } from '../../state/events.ts';
import type { Theme } from '../../state/state.ts';
import { useDispatch, useShown } from '../page.tsx';
import { Chip } from './chip.tsx';

const THEMES: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

/** Everything in the bar that is not about one experiment. */
export function PageActions() {
  return (
    <>
      <Chip />
      <Action event={{ type: 'panel', panel: { name: 'export' } }}>Export</Action>
      <Action event={{ type: 'panel', panel: { name: 'merge' } }}>Merge</Action>
      <Action event={{ type: 'viewed', changes: { view: 'present' } }}>Present</Action>
      <Action event={{ type: 'panel', panel: { name: 'keys' } }}>Keys</Action>
      <ThemePicker />
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
