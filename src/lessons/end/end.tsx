import { isOwl } from '../../experiment/settings/bounds.ts';
import './end.css';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { Button, LinkButton } from '../../kit/button.tsx';
import { HandInButton } from '../../ui/bar/bar.tsx';
import { useExercise } from '../../ui/controls/visible-controls.ts';
import { useDispatch, useGetLab, useLab, usePageTitle } from '../../ui/page.tsx';
import { Strip } from '../../ui/strip/strip.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { askedBy, InPlace, Ticks, useArrows, useEscape, useSetUp } from '../pane/frame.tsx';
import { list } from '../pane/prose.tsx';
import { askedAgainBefore, progressIn } from '../state/progress.ts';
import type { Lesson, LessonEntry, Step } from '../step.tsx';
import { ENDS } from './know.tsx';
import { RecallForm } from './recall-form.tsx';

interface EndProps {
  readonly entry: LessonEntry;
  readonly lesson: Lesson;
  /** The reader comes from a step of it; else a link has opened its end. */
  readonly turned: boolean;
}

/** The lessons that follow, then those before that are not done: at most three. */
function useFollowing(name: string): readonly LessonEntry[] {
  const lessons = useLab((s) => s.progress.lessons);
  const at = numberOf(name);
  const left = LESSONS.slice(0, at).filter((one) => (lessons[one.name]?.done.length ?? 0) < one.steps.length);
  return [...LESSONS.slice(at + 1), ...left].slice(0, 3);
}

/** The run of the last step, or its figure if that takes the place of the lab. */
function pictureOf({ steps }: Lesson): Step['figure'] | null {
  const figure = steps.at(-1)?.figure;
  return figure?.place === 'lab' && !figure.live ? figure : null;
}

/** What the lab shows at the end of a lesson: as the reader has left it, or set up if a link has opened the end. */
function endStep(entry: LessonEntry, lesson: Lesson, turned: boolean): Step {
  const picture = pictureOf(lesson);
  const Picture = picture?.Figure ?? Strip;
  const { link, begins, cost } = lesson.steps.at(-1) ?? {};
  return {
    ...{ title: 'What you know now', Text: null, ...(turned ? {} : { link, begins, cost }) },
    figure: {
      place: 'lab',
      Figure: () => (
        <div className="end-of-lesson">
          <p className="claim">{ENDS[entry.name].Shown}</p>
          <Picture />
          <Following name={entry.name} />
        </div>
      ),
      ...(picture ? {} : { live: true }),
    },
  };
}

export default function EndOfLesson({ entry, lesson, turned }: EndProps) {
  const { name, steps } = lesson;
  const dispatch = useDispatch();
  const now = useGetLab();
  const head = useRef<HTMLHeadingElement>(null);
  const [step] = useState(() => endStep(entry, lesson, turned));
  useSetUp(step);
  usePageTitle(`End · ${entry.title} · Lessons`);
  const { done, right, recalls } = useLab((s) => progressIn(s.progress, name));
  const count = steps.filter((_, i) => done.includes(i)).length;
  const [next] = useFollowing(name);
  const handsIn = useLab((s) => s.view.handin);
  const close = useCallback(() => dispatch({ type: 'viewed', changes: { lesson: '', step: 1 } }), [dispatch]);
  const read = (to: string) => dispatch({ type: 'viewed', changes: { lesson: to, step: 1 } });
  const go = useCallback((to: number) => dispatch({ type: 'viewed', changes: { step: to + 1 } }), [dispatch]);
  useEscape(close);
  useArrows(steps.length, steps.length, go);
  useEffect(() => {
    dispatch({ type: 'studied', lesson: name, changes: { step: steps.length - 1 } });
    if (turned || now().left) head.current?.focus();
  }, [turned, name, steps, now, dispatch]);
  const again = askedAgainBefore(numberOf(name));
  const waits = recalls.length === 0;
  return (
    <aside className="lesson ended" aria-label={`Lesson: ${entry.title}`}>
      <div className="where">
        <span>
          Lesson {numberOf(name)} ·{' '}
          {count === steps.length ? `done in ${count} steps` : `${count} of ${steps.length} steps done`}
        </span>{' '}
        <span>
          {right.length} of {askedBy(steps)} answered
        </span>
      </div>
      <Ticks lesson={lesson} at={steps.length} go={go} />
      <h2>{entry.title}</h2>
      <div className="prose">
        <h3 ref={head} tabIndex={-1}>
          What you know now
        </h3>
        {list(...ENDS[name].know)}
        <h3>One to keep</h3>
        <RecallForm
          lesson={name}
          time={0}
          note={again === null ? '' : `You will be asked again before lesson ${again}.`}
        />
      </div>
      <nav aria-label="Steps of the lesson">
        {handsIn && <HandInButton />}
        <Button
          className={waits || handsIn ? 'btn ends onward' : 'btn main ends onward'}
          onClick={() => read(next?.name ?? 'contents')}
        >
          {next ? `Next: ${next.title}` : 'All lessons'}
          <span>{next && `${next.minutes} min `}→</span>
        </Button>
        <LinkButton onClick={() => read('contents')}>All lessons</LinkButton>
        <ToLab close={close} picture={pictureOf(lesson) !== null} />
      </nav>
      <InPlace step={step} />
    </aside>
  );
}

interface ToLabProps {
  readonly close: () => void;
  /** A figure without a run is on screen. */
  readonly picture: boolean;
}

/** With the run on screen, unless an exercise has settings of its own. */
function ToLab({ close, picture }: ToLabProps): ReactNode {
  const dispatch = useDispatch();
  const owl = useLab((s) => isOwl(s.experiment));
  const exercise = useExercise();
  const takes = !picture && !exercise;
  const leave = () => {
    if (takes) dispatch({ type: 'taken' });
    else close();
    document.getElementById('main')?.focus();
  };
  return (
    <LinkButton onClick={leave}>{takes ? `Take this ${owl ? 'owl' : 'run'} to the lab` : 'To the lab'}</LinkButton>
  );
}

function Following({ name }: { readonly name: string }) {
  const following = useFollowing(name);
  const dispatch = useDispatch();
  return (
    <ol className="following" aria-label="Lessons that follow">
      {following.map((entry) => (
        <li key={entry.name}>
          <span>
            Lesson {numberOf(entry.name)} · {entry.minutes} min
          </span>
          <LinkButton onClick={() => dispatch({ type: 'viewed', changes: { lesson: entry.name, step: 1 } })}>
            {entry.title}
          </LinkButton>
          <span>{entry.question}</span>
        </li>
      ))}
    </ol>
  );
}
