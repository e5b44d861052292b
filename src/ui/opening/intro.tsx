import './opening.css';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useMedia, useWidth } from '../../kit/media.tsx';
import { Claim } from '../claim.tsx';
import { useExercise } from '../controls/visible.ts';
import { useDispatch, useShown } from '../page.tsx';

/** Most visits are not the first. */
const ShowOfFirstVisit = lazy(() => import('./show.tsx'));

/** As high as a caption and what is pressed below it. */
const CAPTION_ROOM = (
  <div className="caption">
    <p className="claim" />
    <span className="moments" />
  </div>
);

/** A question that few are asked. */
const Asks = lazy(() => import('../compare/asks.tsx'));

/** Only a class link has a goal. */
const GoalLine = lazy(() => import('../../class/ui/goal-line.tsx'));

/** What is said of experiments is longer than what opens them. */
const Watch = lazy(() => import('./watch.tsx'));

/** Windows in which a second line of the sentence would be missing below, in the charts. */
const LOW = '(max-height: 800px) and (min-width: 1101px)';

/** What stands above the matrices: what LoRA is, then what this experiment shows. */
export function Intro() {
  const view = useShown((s) => s.view.view);
  const phone = useWidth() === 'phone' && view !== 'present';
  const shows = useShown((s) => s.show !== null && s.view.view === 'lab' && s.view.lesson === '');
  const watched = useShown((s) => s.preset !== null && s.view.view === 'lab' && s.view.lesson === '');
  const asks = useShown((s) => s.compare.asks !== null);
  const exercise = useExercise();
  const low = useMedia(LOW);
  const short = phone || view === 'present' || low;
  if (exercise) return <Task short={short} />;
  if (view === 'embed') return null;
  return (
    <div className="intro">
      {view === 'lab' && <Head />}
      {shows ? (
        <Suspense fallback={CAPTION_ROOM}>
          <ShowOfFirstVisit />
        </Suspense>
      ) : (
        <>
          {asks ? (
            <Suspense fallback={<p className="claim" />}>
              <Asks />
            </Suspense>
          ) : (
            <Claim short={short} />
          )}
          {watched && (
            <Suspense fallback={<div className="watch" />}>
              <Watch />
            </Suspense>
          )}
        </>
      )}
    </div>
  );
}

/** What a class is asked to do, and how its run stands to the goal. */
function Task({ short }: { readonly short: boolean }) {
  const task = useShown((s) => s.view.task);
  const asks = useShown((s) => s.compare.asks !== null);
  const stands = useShown((s) => s.view.goal !== '' || (s.view.handin && s.view.view !== 'lab'));
  return (
    <div className="intro">
      {asks ? (
        <Suspense fallback={<p className="claim" />}>
          <Asks />
        </Suspense>
      ) : task === '' ? (
        <Claim short={short} />
      ) : (
        <p className="claim task">{task}</p>
      )}
      {stands && (
        <Suspense fallback={<div className="goal" />}>
          <GoalLine />
        </Suspense>
      )}
    </div>
  );
}

/** One line that says what LoRA is, and the way to more of it. */
function Head() {
  // Beside any lesson there is no room for the way to this one.
  const open = useShown((s) => s.view.lesson !== '');
  const dispatch = useDispatch();
  const button = useRef<HTMLButtonElement>(null);
  const was = useRef(open);
  useEffect(() => {
    // The focus was in the lesson that has been closed.
    if (was.current && !open && document.activeElement === document.body) button.current?.focus();
    was.current = open;
  }, [open]);
  return (
    <div className="head-line">
      <h2>LoRA fine-tunes a large matrix by training two thin ones.</h2>
      {!open && (
        <button
          ref={button}
          type="button"
          className="link"
          onClick={() => dispatch({ type: 'viewed', changes: { lesson: WHAT_IS_LORA } })}
        >
          What is LoRA?<span className="wide"> A 4-minute lesson</span>
        </button>
      )}
    </div>
  );
}

const WHAT_IS_LORA = 'what-is-lora';
