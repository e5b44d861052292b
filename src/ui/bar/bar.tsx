import './bar.css';
import { LESSON_NAMES } from '../../experiment/settings/view.ts';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { useExercise } from '../controls/visible-controls.ts';
import { useLessonContainer } from '../lesson-container.tsx';
import { Press, useLab } from '../page.tsx';
import { Experiments } from './experiments.tsx';
import {
  Action,
  EXPORT,
  History,
  LabLink,
  LastRun,
  More,
  PageParts,
  PresentButton,
  ShareButton,
  WALL,
} from './page-actions.tsx';

/** Up to this width the bar has no room for a saved run. */
const NARROW = '(max-width: 760px)';

/** Page head: name, experiment, actions. On a phone most of it is in the menu More. */
export function Bar() {
  const width = useWidth();
  const desk = width === 'desk';
  const labIsAway = useLabIsAway();
  const narrow = useMedia(NARROW);
  // A lecturer may be deriving a class link from an open one.
  const making = useLab((s) => s.view.view === 'class');
  const exercise = useExercise() && !making;
  const handsIn = useLab((s) => s.view.handin) && !making;
  return (
    <header className="bar">
      <h1>
        <Mark />
        LoRA Explorer
      </h1>
      {exercise ? <ExerciseTitle /> : labIsAway ? <LabLink /> : <Experiments />}
      {desk && <PageParts only={exercise} />}
      {desk && <BackToWall />}
      {!narrow && <LastRun />}
      <span className="sp" />
      {desk && (
        <>
          <History />
          {!exercise && (
            <>
              <Action event={EXPORT}>Export</Action>
              <PresentButton />
            </>
          )}
        </>
      )}
      <More width={width} lastRun={narrow} exercise={exercise} />
      {handsIn ? <HandInButton /> : width !== 'phone' && <ShareButton />}
    </header>
  );
}

/** Whether a lesson replaces the lab by the contents or by the figure of a step. */
function useLabIsAway(): boolean {
  const { place } = useLessonContainer();
  const lesson = useLab((s) => s.view.lesson);
  return place === 'lab' || (lesson !== '' && !LESSON_NAMES.includes(lesson));
}

function BackToWall() {
  const runs = useLab((s) => s.wall?.entries.length ?? 0);
  return runs > 0 && <Action event={WALL}>Back to the wall</Action>;
}

/** B and A at the corner of their product: the page's icon (public/icon.svg) in the theme's colours. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 16 16" aria-hidden="true">
      <path className="b" d="M0 4h3v12H0z" />
      <path className="a" d="M4 0h12v3H4z" />
      <path className="dw" d="M4 4h4v4H4zM12 4h4v4h-4zM4 12h4v4H4zM12 12h4v4h-4z" />
      <path className="dw half" d="M8 4h4v4H8zM4 8h4v4H4zM12 8h4v4h-4zM8 12h4v4H8z" />
      <path className="dw pale" d="M8 8h4v4H8z" />
    </svg>
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
