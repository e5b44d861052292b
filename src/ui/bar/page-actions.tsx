import { isOwl } from '../../experiment/settings/bounds.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { optionsOf, Select } from '../../kit/choice.tsx';
import { useWidth } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import { CLINIC, canPresent, goTo, isAdapters } from '../../state/places.ts';
import type { State, Theme } from '../../state/state.ts';
import { Offer } from '../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../page.tsx';

const THEMES: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

const panel = (name: 'share' | 'export' | 'merge' | 'keys' | 'difference' | 'about' | 'forget'): PageEvent => ({
  type: 'panel',
  panel: { name },
});
const SHARE = panel('share');
export const EXPORT = panel('export');
export const MAKE_CLASS_LINK = goTo('class');

interface MoreProps {
  /** What the bar has no room for. */
  readonly history: boolean;
  readonly exports: boolean;
  readonly exercise: boolean;
}

export function More({ history, exports, exercise }: MoreProps) {
  const adapters = useLab((s) => isAdapters(s.view));
  const desk = useWidth() === 'desk';
  return (
    <Menu label="More" kind="more">
      {history && <History />}
      {exports && <Action event={EXPORT}>Export</Action>}
      {exports && <PresentButton />}
      {exercise && <Action event={MAKE_CLASS_LINK}>Class link …</Action>}
      {!adapters && <Action event={panel('merge')}>Merge</Action>}
      <Action event={panel('keys')}>Shortcuts</Action>
      <ThemePicker />
      {!adapters && <Action event={panel('difference')}>Back end</Action>}
      {!exercise && !desk && <ToClinic />}
      <Action event={{ type: 'viewed', changes: { view: 'lab', lesson: 'glossary', step: 1 } }}>Glossary</Action>
      <Action event={panel('about')}>About</Action>
      <Action event={panel('forget')}>Forget everything …</Action>
    </Menu>
  );
}

/** By the question that people come with. */
export function ToClinic() {
  return <Action event={CLINIC}>Clinic: what is wrong?</Action>;
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

/** Back to the owl alone; other targets have no first visit. */
export function HideCharts() {
  const can = useLab((s) => s.view.view === 'lab' && isOwl(s.experiment) && !isExercise(s.view));
  return can && <Action event={goTo('first')}>Hide the charts</Action>;
}

/** Shows the lab, or runs side by side, on a projector. */
export function PresentButton() {
  return useLab(canPresent) && <Action event={goTo('present')}>Present</Action>;
}

function ThemePicker() {
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

const stepsOf = (s: State) => (s.view.view === 'plan' ? s.costs : s);

export function History() {
  const back = useLab((s) => stepsOf(s).past.length > 0);
  const forth = useLab((s) => stepsOf(s).future.length > 0);
  return (
    <span className="row history">
      <Press className="link" disabled={!back} title="Undo the last change (Ctrl+Z)" event={{ type: 'undo' }}>
        Undo
      </Press>
      <Press className="link" disabled={!forth} title="Redo the change (Ctrl+Shift+Z)" event={{ type: 'redo' }}>
        Redo
      </Press>
    </span>
  );
}

/** A link to what is on screen; none to an adapter file, which no link holds. */
export function ShareButton() {
  const view = useLab((s) => s.view.view);
  const copies = useLab((s) => isAdapters(s.view) || ['wall', 'plan', 'which', 'clinic'].includes(s.view.view));
  return (
    <Press
      className="btn share"
      title={view === 'wall' ? 'The goal and the target, without the runs' : undefined}
      event={copies ? { type: 'command', command: 'copy-link' } : SHARE}
    >
      Share
    </Press>
  );
}
