import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react';
import { LESSON_NAMES } from '../experiment/settings/view.ts';
import { Button } from '../kit/button.tsx';
import { labLinkOf } from '../state/select.ts';
import './looks/style-sheets.ts';
import { LabContainer, SideBySideContainer, useSideBySide, useWidth } from '../kit/media.tsx';
import type { Screen } from '../state/view.ts';
import { Bar } from './bar/bar.tsx';
import { Charts, Column, type ColumnProps, History } from './column.tsx';
import { useFileDrop } from './keys/file-drop.ts';
import { useKeys } from './keys/keys.ts';
import { LessonContainer } from './lesson-container.tsx';
import { PageTheme } from './looks/theme.tsx';
import { Notices } from './notices/notices.tsx';
import { SessionProvider, useLab } from './page.tsx';
import { Rail } from './rail/rail.tsx';
import { useLongPreparation } from './run/long-preparation.ts';
import { Dock } from './run/transport.tsx';

/** Screens that take the place of rail and main column, each loaded when it is opened. */
const SCREENS: { readonly [name in Screen]?: LazyExoticComponent<ComponentType> } = {
  class: lazy(() => import('../class/ui/class-page.tsx')),
  experiments: lazy(() => import('./experiments/all-experiments.tsx')),
  sweep: lazy(() => import('./sweep/sweep-screen.tsx')),
};

/** Whether a screen stands in the place of the lab. */
const replacesLab = (screen: Screen) => Object.hasOwn(SCREENS, screen);

function ScreenContent({ screen }: { readonly screen: Screen }) {
  const Shown = SCREENS[screen];
  return (
    Shown && (
      <Suspense fallback={<main id="main" tabIndex={-1} />}>
        <Shown />
      </Suspense>
    )
  );
}

/** The runs of a class, a view of its own. */
const Wall = lazy(() => import('../class/ui/wall/wall-page.tsx'));

/** Few draw: what it takes comes with the first one that does. */
const Editor = lazy(() => import('./draw/editor.tsx'));

/** Panels are not needed for the first picture: they are fetched when the first one opens. */
const Panels = lazy(() => import('./panels/panels.tsx').then((panels) => ({ default: panels.Panels })));

/** A link to #main would be read as an experiment: the fragment belongs to that. While the opening plays, its caption comes first. */
function skip(): void {
  const first = document.querySelector<HTMLElement>('section.caption') ?? document.getElementById('main');
  first?.focus();
}

interface AppProps {
  readonly onFiles: (files: readonly File[]) => void;
  /** Shows the lesson that the view names; loaded when one is open. */
  readonly Lesson: ComponentType;
  /** All lessons, and what stands around them, in the place of the lab. */
  readonly Contents: ComponentType;
  /** Real adapter files, a view of its own. */
  readonly Adapters: ComponentType;
}

/** The whole page. Bar and rail belong to the lab; a projector and another page's frame show the main column alone. */
export function App({ onFiles, Lesson, Contents, Adapters }: AppProps) {
  useKeys();
  const held = useFileDrop(onFiles);
  const view = useLab((s) => s.view.view);
  const screen = useLab((s) => s.screen);
  const phone = useWidth() === 'phone';
  const drawing = useLab((s) => s.editor !== null);
  const read = useLab((s) => (s.view.view === 'lab' || s.view.view === 'embed' ? s.view.lesson : ''));
  const lesson = LESSON_NAMES.includes(read);
  // The contents of the lessons, or what else stands around them, in the place of the lab.
  const contents = read !== '' && !lesson;
  const low = useSideBySide();
  const list = useLab((s) => s.compare.list);
  // Beside a lesson the run's buttons stand under the matrices, as on a desk.
  const docked = view === 'lab' && (phone || (low && !lesson));
  const sideBySide = view === 'lab' && low && !drawing && !lesson;
  if (view === 'wall' || view === 'adapters')
    return (
      <>
        <PageTheme />
        <Suspense fallback={<main id="main" tabIndex={-1} />}>
          {view === 'wall' ? <Wall held={held} /> : <Adapters />}
        </Suspense>
        <OpenPanel />
      </>
    );
  if (view === 'lab' && replacesLab(screen))
    return (
      <>
        <PageTheme />
        <Button className="skip" onClick={skip}>
          Skip to the main content
        </Button>
        <Bar />
        <ScreenContent screen={screen} />
        <OpenPanel />
        {held && <p className="held">Drop a run file, a matrix or a picture here to open it.</p>}
      </>
    );
  if (contents)
    return (
      <>
        <PageTheme />
        <Button className="skip" onClick={skip}>
          Skip to the main content
        </Button>
        {view === 'lab' && <Bar />}
        <Suspense fallback={<main id="main" tabIndex={-1} />}>
          <Contents />
        </Suspense>
        <OpenPanel />
      </>
    );
  return (
    <LessonContainer>
      <PageTheme />
      <Button className="skip" onClick={skip}>
        Skip to the matrices
      </Button>
      {view === 'lab' && <Bar />}
      <div className={sideBySide ? 'lab beside' : 'lab'}>
        {lesson && (
          <Suspense fallback={<aside className="lesson" />}>
            <Lesson />
          </Suspense>
        )}
        {view === 'lab' && !docked && !lesson && (list ? <History /> : <Rail />)}
        {sideBySide && (
          <div className="side">
            <Dock />
            <Charts />
          </div>
        )}
        <Main docked={docked} sideBySide={sideBySide} reading={low && lesson && !drawing} />
      </div>
      {docked && !sideBySide && !drawing && <Dock />}
      <OpenPanel />
      {held && <p className="held">Drop a run file, a matrix or a picture here to open it.</p>}
    </LessonContainer>
  );
}

interface MainProps extends ColumnProps {
  /** A lesson stands beside this column in a low window. */
  readonly reading: boolean;
}

function Main({ docked, sideBySide = false, reading }: MainProps) {
  const view = useLab((s) => s.view.view);
  const session = useLab((s) => s.session);
  const prepares = useLongPreparation();
  // Nothing is computed while a lesson needs nothing of it.
  const waiting = useLab((s) => !s.reads) && prepares;
  const screen = useLab((s) => s.screen);
  const drawing = useLab((s) => s.editor !== null);
  return (
    <main
      id="main"
      tabIndex={-1}
      data-session={session}
      className={waiting ? 'waiting' : undefined}
      data-screen={screen}
    >
      {view !== 'lab' && <h1 className="unseen">LoRA Explorer</h1>}
      {drawing ? (
        <>
          <Notices />
          <Suspense>
            <Editor />
          </Suspense>
        </>
      ) : (
        <SideBySideContainer neighbour={reading ? 'lesson' : sideBySide ? 'controls' : null}>
          <Column docked={docked} sideBySide={sideBySide} />
        </SideBySideContainer>
      )}
      {view === 'embed' && <WayOut />}
    </main>
  );
}

/** A lab in a place of another page, beside others: it has no bar and no rail. */
export function Lab({ session, label }: { readonly session: number; readonly label: string }) {
  return (
    <SessionProvider session={session}>
      <LabContainer session={session} label={label}>
        <Column docked={false} />
        <OpenPanel />
      </LabContainer>
    </SessionProvider>
  );
}

function OpenPanel() {
  const open = useLab((s) => s.panel !== null);
  return (
    open && (
      <Suspense>
        <Panels />
      </Suspense>
    )
  );
}

/** From the frame of another page to the whole lab, with what is on screen. */
function WayOut() {
  const link = useLab(labLinkOf);
  return (
    <p className="out-of-frame">
      <a href={link} target="_blank" rel="noopener">
        Open in LoRA Explorer
      </a>
    </p>
  );
}
