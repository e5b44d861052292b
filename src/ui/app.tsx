import { type ComponentType, type LazyExoticComponent, Suspense, useEffect } from 'react';
import { LESSON_NAMES, type ViewName } from '../experiment/settings/view.ts';
import { hasBar, hasNothingToCompare, isAdapters, isFirst, screenOf, titleOf } from '../state/places.ts';
import { labLinkOf } from '../state/select.ts';
import './looks/style-sheets.ts';
import { LabContainer, SideBySideContainer, useSideBySide, useWidth } from '../kit/media.tsx';
import { Bar } from './bar/bar.tsx';
import { Charts, Column, type ColumnProps, History, SkipButton } from './column.tsx';
import { LessonContainer } from './figures/lesson-container.tsx';
import { useFileDrop } from './keys/file-drop.ts';
import { useKeys } from './keys/keys.ts';
import { PageTheme } from './looks/theme.tsx';
import { Notices } from './notices/notices.tsx';
import { lazyPart, onDemand, SessionProvider, useLab, usePageTitle } from './page.tsx';
import { Rail } from './rail/rail.tsx';
import { Dock, useLongPreparation } from './run/transport.tsx';
import { FirstVisit } from './tour/first-visit.tsx';

/** A screen that is loaded on demand; if it cannot be, the notices are in its place. */
export const lazyScreen = <P extends object>(load: Parameters<typeof lazyPart<P>>[0]) =>
  lazyPart(
    load,
    <main id="main" tabIndex={-1} className="screen">
      <Notices />
    </main>,
  );

/** Screens that replace rail and main column, each loaded on demand. */
const SCREENS: { readonly [name in ViewName]?: LazyExoticComponent<ComponentType> } = {
  class: lazyScreen(() => import('../class/ui/class-page.tsx')),
  experiments: lazyScreen(() => import('./experiments/all-experiments.tsx')),
  plan: lazyScreen(() => import('../plan/ui/plan-page.tsx')),
  sweep: lazyScreen(() => import('./sweep/sweep-screen.tsx')),
  which: lazyScreen(() => import('./experiments/which/which-page.tsx')),
  teach: lazyScreen(() => import('../class/ui/teach/plans-page.tsx')),
};

const EmptyCompare = lazyScreen(async () => ({ default: (await import('./sweep/ready-questions.tsx')).EmptyCompare }));
const Wall = lazyScreen(() => import('../class/ui/wall/wall-page.tsx'));

/** Loaded on demand: few visitors draw. */
const Editor = onDemand(() => import('./draw/editor.tsx'));

/** The plan that a teacher walks through. */
const PlanStrip = onDemand(() => import('../class/ui/teach/plan-strip.tsx'));

/** Panels are not needed for the first picture, so they are fetched with the first one that opens. */
const Panels = onDemand(async () => ({ default: (await import('./panels/panels.tsx')).Panels }));

interface AppProps {
  readonly onFiles: (files: readonly File[]) => void;
  readonly Lesson: ComponentType;
  /** List of lessons, glossary and handout, in place of the lab. */
  readonly Contents: ComponentType;
  readonly Adapters: ComponentType;
  readonly Clinic: ComponentType;
}

export function App(props: AppProps) {
  useKeys();
  const teaches = useLab((s) => s.teaching.line !== null && s.view.view !== 'embed');
  return (
    <>
      <PageTheme />
      {teaches && <PlanStrip />}
      <Screen {...props} />
    </>
  );
}

/** Bar and rail belong to the lab; projector and frame show the main column alone. */
function Screen({ onFiles, Lesson, Contents, Adapters, Clinic }: AppProps) {
  const held = useFileDrop(onFiles);
  const view = useLab((s) => s.view.view);
  const bar = useLab((s) => hasBar(s.view));
  const phone = useWidth() === 'phone';
  const drawing = useLab((s) => s.editor !== null);
  const read = useLab((s) => (hasBar(s.view) || s.view.view === 'embed' ? s.view.lesson : ''));
  const lesson = LESSON_NAMES.includes(read);
  const contents = read !== '' && !lesson;
  const low = useSideBySide();
  const list = useLab((s) => s.view.view === 'runs');
  const docked = bar && (phone || (low && !lesson));
  const sideBySide = bar && low && !drawing && !lesson;
  const presented = useLab((s) => s.wall?.presents === true);
  const Page = view === 'wall' ? Wall : isAdapters({ view }) ? Adapters : null;
  const screen = useLab(screenOf);
  const drop = held && <p className="held">Drop a file here to open it.</p>;
  const unpinned = useLab(hasNothingToCompare) && !lesson;
  const Whole =
    Page ??
    (screen === 'clinic' ? Clinic : SCREENS[screen]) ??
    (contents || view === 'handouts' || view === 'answers' ? Contents : unpinned ? EmptyCompare : null);
  const first = useLab((s) => isFirst(s.view));
  const title = useLab(titleOf);
  usePageTitle(lesson || Page === Adapters || view === 'plan' || screen === 'clinic' ? null : title);
  const here = useLab((s) => `${s.view.view} ${s.view.case} ${read}`);
  // The bar stays the same element from place to place, and keeps the focus of who goes through them.
  return (
    <LessonContainer reading={lesson}>
      {!Page && <SkipButton>{`Skip to the ${Whole && !first ? 'main content' : 'matrices'}`}</SkipButton>}
      {bar && !(view === 'wall' && presented) && <Bar />}
      {first ? (
        <FirstVisit />
      ) : Whole ? (
        <Suspense fallback={<main id="main" tabIndex={-1} />}>
          <Whole held={held} />
          <Arrival key={here} />
        </Suspense>
      ) : (
        <div className={sideBySide ? 'lab beside' : 'lab'}>
          {lesson && (
            <Suspense fallback={<aside className="lesson" />}>
              <Lesson />
              <Arrival key={here} />
            </Suspense>
          )}
          {bar && !docked && !lesson && (list ? <History /> : <Rail />)}
          {sideBySide && (
            <aside className="side">
              <Dock />
              <Charts />
            </aside>
          )}
          <Main docked={docked} sideBySide={sideBySide} reading={low && lesson && !drawing} />
        </div>
      )}
      {(first || !Whole) && !lesson && <Arrival key={here} />}
      {docked && !sideBySide && !drawing && !first && !Whole && <Dock />}
      <OpenPanel />
      {!Page && drop}
    </LessonContainer>
  );
}

/** False until the first screen of the page is there: a page that opens leaves the focus to the browser. */
let opened = false;

/** Takes the focus if the control that led here has gone with its screen, or is in a list of the bar that has closed. */
function Arrival() {
  useEffect(() => {
    if (opened && document.activeElement?.matches('body, .bar .menu *'))
      (document.querySelector<HTMLElement>('aside.lesson h3') ?? document.getElementById('main'))?.focus({
        preventScroll: true,
      });
    opened = true;
  }, []);
  return null;
}

interface MainProps extends ColumnProps {
  /** A lesson is open next to this column in a low window. */
  readonly reading: boolean;
}

function Main({ docked, sideBySide = false, reading }: MainProps) {
  const view = useLab((s) => s.view.view);
  const session = useLab((s) => s.session);
  const prepares = useLongPreparation();
  // Compute nothing while the lesson needs no run.
  const waiting = useLab((s) => !s.reads) && prepares;
  const bar = useLab((s) => hasBar(s.view));
  const drawing = useLab((s) => s.editor !== null);
  return (
    <main id="main" tabIndex={-1} data-session={session} className={waiting ? 'waiting' : undefined} data-screen={view}>
      {!bar && <h1 className="unseen">LoRA Explorer</h1>}
      {drawing ? (
        <>
          <Notices />
          <Editor />
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
  return open && <Panels />;
}

/** Link from the frame in another page to the whole lab, with the same state. */
function WayOut() {
  const link = useLab(labLinkOf);
  return (
    <p className="out-of-frame at-right space-above">
      <a href={link} target="_blank" rel="noopener">
        Open in LoRA Explorer
      </a>
    </p>
  );
}
