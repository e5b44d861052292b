import './lessons.css';
import { Suspense, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { View } from '../../experiment/settings/view.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { lazyPart, useDispatch, useGetLab, useLab, usePageTitle } from '../../ui/page.tsx';
import { Rail } from '../../ui/rail/rail.tsx';
import { NumbersChoice } from '../contents/reader.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { dueRecalls, progressIn } from '../state/progress.ts';
import type { Lesson, LessonEntry, Step } from '../step.tsx';
import { PredictionForm, Quiz, questionName, StepAct } from './asks.tsx';
import { askedBy, frameOf, InPlace, outOfSight, StepMarks, Ticks, useArrows, useEscape, useSetUp } from './frame.tsx';
import { lessonText } from './lesson-parts.ts';
import { LimitsOf, StepMarkNames, SymbolText } from './prose.tsx';
import { LessonValuesProvider, useLessonValues } from './values.tsx';

export default function LessonPane() {
  const name = useLab((s) => s.view.lesson);
  const entry = LESSONS.find((one) => one.name === name);
  return (
    entry && (
      <Suspense fallback={<aside className="lesson" aria-busy="true" />}>
        <Text key={name} entry={entry} />
      </Suspense>
    )
  );
}

const EndOfLesson = lazyPart(() => import('../end/end.tsx'));
const AskAgain = lazyPart(() => import('../end/ask-again.tsx'));

function Text({ entry }: { readonly entry: LessonEntry }) {
  const { lesson } = use(lessonText(entry));
  const { steps } = lesson;
  const at = useLab((s) => Math.min(s.view.step, steps.length + 1)) - 1;
  const step = steps[Math.min(at, steps.length - 1)];
  const first = useRef(at);
  const turned = useRef(false);
  turned.current ||= first.current !== at;
  // Before the first step, until the reader has passed them.
  const due = useLab((s) => s.view.view !== 'embed' && dueRecalls(s.progress, entry.name).length > 0);
  const [recalls, setRecalls] = useState(due);
  return (
    <LessonValuesProvider step={step.title} begins={step.values}>
      {recalls && at === 0 ? (
        <AskAgain entry={entry} onPassed={() => setRecalls(false)} />
      ) : at === steps.length ? (
        <EndOfLesson entry={entry} lesson={lesson} turned={turned.current} />
      ) : (
        <OpenLesson entry={entry} lesson={lesson} turned={turned.current || due !== recalls} />
      )}
    </LessonValuesProvider>
  );
}

interface OpenLessonProps {
  readonly entry: LessonEntry;
  readonly lesson: Lesson;
  /** The reader comes from another page of it. */
  readonly turned: boolean;
}

const NONE: readonly string[] = [];

function OpenLesson({ entry, lesson, turned }: OpenLessonProps) {
  const { name, steps } = lesson;
  const at = useLab((s) => Math.min(s.view.step, steps.length)) - 1;
  const step = steps[at];
  usePageTitle(`Step ${at + 1} · ${entry.title} · Lessons`);
  const dispatch = useDispatch();
  const now = useGetLab();
  const head = useRef<HTMLHeadingElement>(null);
  const [all, setAll] = useState(false);
  const { begun, asLeft, setUp } = useSetUp(step);
  useEffect(() => {
    dispatch({ type: 'studied', lesson: name, changes: { step: at, asked: askedBy(steps) } });
    // If a link opened the lesson, the focus stays put and the text scrolls into view.
    if (turned || now().left) head.current?.focus();
    else if (outOfSight(head.current)) head.current?.closest('aside')?.scrollIntoView();
  }, [at, name, steps, turned, now, dispatch]);
  const values = useLessonValues();
  // Ignores the lab's state before the step began, except for a figure in place of the lab, which makes nothing.
  const alone = step.figure?.place === 'lab';
  const isDone = useLab(
    (state) => begun === step && (alone || state.next === null) && (step.act?.done(state, values) ?? false),
  );
  const seen = useLab((s) => progressIn(s.progress, name).done.includes(at));
  /** The first question without a right answer. */
  const open = useLab((s) => {
    const { right } = progressIn(s.progress, name);
    const names = (step.questions ?? []).map((_, i) => questionName(at, i));
    return names.find((one) => !right.includes(one)) ?? null;
  });
  // A step without an act is done once it is open; with an act and questions, once the questions are answered.
  const over = step.act && !step.questions ? isDone : open === null;
  useEffect(() => {
    if (!over) return;
    const { done } = progressIn(now().progress, name);
    if (!done.includes(at)) dispatch({ type: 'studied', lesson: name, changes: { done: [...done, at] } });
  }, [over, at, name, now, dispatch]);
  // A step done on another day shows its answer when it is done again.
  const [answered, setAnswered] = useState<Step | null>(null);
  useEffect(() => {
    if (isDone) setAnswered(step);
  }, [isDone, step]);
  // The focus returns to the control that opens a lesson, which is on the page again by then.
  const view = useCallback(
    (changes: Partial<View>) => {
      // A drawing pad that a step has opened goes with it.
      if (now().editor !== null) dispatch({ type: 'draw', on: null });
      dispatch({ type: 'viewed', changes });
    },
    [dispatch, now],
  );
  const close = useCallback(() => view({ lesson: '', step: 1 }), [view]);
  const read = (lesson: string) => view({ lesson, step: 1 });
  const go = useCallback((to: number) => view({ step: to + 1 }), [view]);
  useEscape(close);
  useArrows(at, steps.length + 1, go);
  const foot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isDone) foot.current?.scrollIntoView({ block: 'nearest' });
  }, [isDone]);
  useEffect(() => {
    head.current?.closest('.lesson')?.scrollTo(0, 0);
  }, [step]);
  const { shows = NONE, marks = NONE, figure, act, guess, questions, Foot } = step;
  // Nothing that answers a guess is below it until it is made or skipped.
  const asks = useLab((s) => guess !== undefined && progressIn(s.progress, name).guesses[guess.name] === undefined);
  const draws = useLab((s) => s.editor !== null);
  /** Whether a guess, a question or a drawing waits: its Check, or “Use it”, is the main action then. */
  const waits = asks || draws || open !== null || (act?.predicts === true && !isDone);
  const didIt = answered === step;
  const framed = useMemo(() => [...marks, ...shows], [marks, shows]);
  const frames = useMemo(() => framed.map((at, i) => frameOf(at, i < marks.length ? i + 1 : null)), [framed, marks]);
  if (all)
    return (
      <div className="rail-of-lesson">
        <Button onClick={() => setAll(false)}>← Back to the lesson</Button>
        <Rail />
        <InPlace step={step} />
      </div>
    );
  return (
    <aside className="lesson" aria-label={`Lesson: ${entry.title}`}>
      <div className="ends soft where">
        <span>
          {numberOf(name) > 0 && `Lesson ${numberOf(name)} · `}Step {at + 1} of {steps.length} · about {entry.minutes}{' '}
          minutes in all
        </span>
        <LinkButton onClick={close}>Close</LinkButton>
      </div>
      <Ticks lesson={lesson} at={at} go={go} />
      <h2>{entry.title}</h2>
      <div className="prose" key={step.title}>
        <h3 ref={head} tabIndex={-1}>
          <SymbolText>{step.title}</SymbolText>
        </h3>
        {asLeft && (
          <p className="as-left" role="status">
            The lab is as you left it. <LinkButton onClick={setUp}>Set it up for this step</LinkButton>
          </p>
        )}
        <StepMarkNames value={marks}>
          {step.Text}
          {guess && <PredictionForm key={guess.name} lesson={name} guess={guess} />}
          {act && !asks && (
            <StepAct act={act} shows={framed} seen={(seen || questions !== undefined) && (isDone || didIt)} />
          )}
          {questions && <Quiz lesson={name} steps={steps} step={at} main={asks ? null : open} />}
        </StepMarkNames>
        {!asks && <LimitsOf step={step} />}
        {Foot && <div ref={foot}>{Foot}</div>}
      </div>
      <div className="beside-text space-above">
        <NumbersChoice />
        {figure?.place !== 'lab' && <LinkButton onClick={() => setAll(true)}>Show all controls</LinkButton>}
        <LinkButton onClick={() => read(`handout-${name}`)}>Print</LinkButton>
        <LinkButton onClick={() => read(`notes-${name}`)}>Notes for teachers</LinkButton>
      </div>
      <nav aria-label="Steps of the lesson">
        <Button disabled={at === 0} onClick={() => go(at - 1)}>
          ← Back
        </Button>
        <LinkButton onClick={() => read('contents')}>Contents</LinkButton>
        <Button className={waits ? 'btn' : 'btn main'} onClick={() => go(at + 1)}>
          Next →
        </Button>
      </nav>
      <StepMarks frames={frames} />
      <InPlace step={step} />
    </aside>
  );
}
