import './bar.css';
import type { MouseEvent } from 'react';
import { isOwl } from '../../experiment/settings/bounds.ts';
import { isExercise } from '../../experiment/settings/exercise.ts';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { BoldRoom, optionsOf, Select } from '../../kit/button.tsx';
import { useMedia, useSideBySide, useWidth } from '../../kit/media.tsx';
import { Menu } from '../../kit/menu.tsx';
import type { PageEvent } from '../../state/events.ts';
import {
  CLINIC,
  canPresent,
  EXPERIMENTS,
  enterAsLeft,
  goTo,
  isAdapters,
  isFirst,
  LAB,
  PLACES,
  type PlaceTab,
  placeOf,
  TEACH,
} from '../../state/places.ts';
import type { State, Theme } from '../../state/state.ts';
import { useExercise } from '../controls/visible-controls.ts';
import { Offer } from '../notices/notices.tsx';
import { Press, useDispatch, useLab } from '../page.tsx';
import { Experiments } from './experiments.tsx';
import { Mark } from './mark.tsx';

/** Up to this width the places are a list. */
const NARROW = '(max-width: 760px)';
/** Views that have something to undo, to export; a plan has steps of its own, and nothing to export. */
const UNDONE: readonly State['view']['view'][] = ['lab', 'runs', 'compare', 'sweep', 'class'];

/** Page head: places and what can be done here; below it the tabs of the place. Share is always at the same pixel. */
export function Bar() {
  const view = useLab((s) => s.view.view);
  const place = useLab((s) => placeOf(s.view));
  const read = useLab((s) => s.view.lesson !== '' && !LESSON_NAMES.includes(s.view.lesson));
  const compact = useCompact();
  const desk = useWidth() === 'desk';
  // A lecturer may be deriving a class link from an open one.
  const exercise = useExercise() && place !== TEACH;
  const handsIn = useLab((s) => s.view.handin) && exercise;
  const first = useLab((s) => isFirst(s.view));
  const works = UNDONE.includes(view) && !read;
  const undoes = works || view === 'plan';
  return (
    <>
      <header className="bar">
        <HomeLink />
        {exercise ? <ExerciseTitle /> : compact ? <PlaceList /> : <Places />}
        <span className="sp" />
        {desk && !compact && !exercise && <ToClinic />}
        {undoes && desk && <History />}
        {works && !exercise && !compact && <Action event={EXPORT}>Export</Action>}
        {compact && !first && <BackToClinic label="← Clinic" />}
        <More history={undoes && !desk} exports={works && (compact || exercise)} exercise={exercise} />
        {handsIn ? <HandInButton /> : <ShareButton />}
      </header>
      {!compact && !read && !first && <SecondRow place={place} exercise={exercise} />}
    </>
  );
}

/** Whether places and tabs have no room in rows of their own: a phone, or a low window. */
function useCompact(): boolean {
  const narrow = useMedia(NARROW);
  const low = useSideBySide();
  return narrow || low;
}

function useEnter(): (place: Parameters<typeof enterAsLeft>[0]) => PageEvent {
  const alone = useLab((s) => s.alone);
  return (place) => enterAsLeft(place, { alone });
}

function HomeLink() {
  const dispatch = useDispatch();
  const entering = useEnter();
  const home = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    dispatch(entering(LAB));
  };
  return (
    <h1>
      <a className="row" href="./" onClick={home}>
        <Mark />
        <span className="name">LoRA Explorer</span>
      </a>
    </h1>
  );
}

function Places() {
  const now = useLab((s) => placeOf(s.view));
  const entering = useEnter();
  return (
    <nav className="places" aria-label="Places">
      {PLACES.map((place) => (
        <Press
          key={place.label}
          className="place"
          aria-current={place === now ? 'page' : undefined}
          event={entering(place)}
        >
          <BoldRoom>{place.label}</BoldRoom>
        </Press>
      ))}
    </nav>
  );
}

/** The places as a list, with the tabs of the lab and its experiments. */
function PlaceList() {
  const now = useLab((s) => placeOf(s.view));
  const entering = useEnter();
  return (
    <nav className="place-list" aria-label="Places">
      <Menu label={now.label} name={`Places: ${now.label}`} kind="where">
        {PLACES.map((place) => (
          <div key={place.label} className="row" data-current={place === now || undefined}>
            <Press className="to" aria-current={place === now ? 'page' : undefined} event={entering(place)}>
              <b>{place.label}</b>
              <span className="muted">{place.about}</span>
            </Press>
            {place === EXPERIMENTS && place !== now && <ToClinic />}
            {place === now && place.tabs.length > 0 && <Tabs tabs={place.tabs} label={place.label} />}
            {place === LAB && place === now && (
              <>
                <Experiments />
                <LastRun />
                <HideCharts />
              </>
            )}
          </div>
        ))}
      </Menu>
    </nav>
  );
}

function SecondRow({ place, exercise }: { readonly place: ReturnType<typeof placeOf>; readonly exercise: boolean }) {
  const view = useLab((s) => s.view.view);
  const pins = useLab((s) => s.compare.pins.length);
  // An exercise has its own view, the lab's to go back to, and pinned runs.
  const shown = ['lab', view, ...(pins > 0 ? ['compare'] : [])];
  const tabs = place.tabs.filter((tab) => !exercise || shown.includes(tab.view));
  const wall = useLab((s) => exercise && (s.wall?.entries.length ?? 0) > 0);
  const map = useLab((s) => s.view.which !== '' && s.view.view !== 'which' && placeOf(s.view) === LAB);
  if (tabs.length === 0 || (exercise && tabs.length === 1 && !wall)) return null;
  return (
    <section className="second-row" aria-label={place.label}>
      {place === LAB && !exercise && <Experiments />}
      <Tabs tabs={tabs} label={place.label} />
      <span className="sp" />
      {map && <Action event={goTo('which')}>Back to the map</Action>}
      <BackToClinic label="Back to the clinic" />
      {wall && <Action event={goTo('wall')}>Back to the wall</Action>}
      {place === LAB && (
        <>
          <LastRun />
          <HideCharts />
        </>
      )}
      <PresentButton />
    </section>
  );
}

/** From a run that a complaint opened. */
function BackToClinic({ label }: { readonly label: string }) {
  const complaint = useLab((s) => s.view.case !== '' && placeOf(s.view) === LAB);
  return complaint && <Action event={goTo('clinic')}>{label}</Action>;
}

function Tabs({ tabs, label }: { readonly tabs: readonly PlaceTab[]; readonly label: string }) {
  return (
    <nav className="place-tabs" aria-label={`Tabs of ${label}`}>
      {tabs.map((tab) => (
        <PlaceTabButton key={tab.view} tab={tab} />
      ))}
    </nav>
  );
}

function PlaceTabButton({ tab }: { readonly tab: PlaceTab }) {
  const open = useLab((s) => s.view.view === tab.view);
  const count = useLab((s) => tab.count?.(s) ?? 0);
  return (
    <Press className="place" aria-current={open ? 'page' : undefined} event={goTo(tab.view)}>
      <BoldRoom>{tab.label}</BoldRoom> {count > 0 && <span className="count">{count}</span>}
    </Press>
  );
}

function ExerciseTitle() {
  const title = useLab((s) => s.view.title);
  return <p className="exercise">{title || 'Exercise'}</p>;
}

export function HandInButton() {
  return (
    <Press className="btn main hand-in" aria-haspopup="dialog" event={{ type: 'panel', panel: { name: 'handin' } }}>
      Hand in …
    </Press>
  );
}

const THEMES: Readonly<Record<Theme, string>> = { system: 'System theme', light: 'Light theme', dark: 'Dark theme' };

const panel = (name: 'share' | 'export' | 'merge' | 'keys' | 'difference' | 'about' | 'forget'): PageEvent => ({
  type: 'panel',
  panel: { name },
});
const SHARE = panel('share');
const EXPORT = panel('export');
export const MAKE_CLASS_LINK = goTo('class');

interface MoreProps {
  /** What the bar has no room for. */
  readonly history: boolean;
  readonly exports: boolean;
  readonly exercise: boolean;
}

function More({ history, exports, exercise }: MoreProps) {
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
function ToClinic() {
  return <Action event={CLINIC}>Clinic: what is wrong?</Action>;
}

function LastRun() {
  return <Offer about="offer" name="Last run" />;
}

function Action({ event, children }: { readonly event: PageEvent; readonly children: string }) {
  return (
    <Press className="link" event={event}>
      {children}
    </Press>
  );
}

/** Back to the owl alone; other targets have no first visit. */
function HideCharts() {
  const can = useLab((s) => s.view.view === 'lab' && isOwl(s.experiment) && !isExercise(s.view));
  return can && <Action event={goTo('first')}>Hide the charts</Action>;
}

/** Shows the lab, or runs side by side, on a projector. */
function PresentButton() {
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
function ShareButton() {
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
