import './lessons.css';
import './framed.css';
import { Suspense, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useWindowKeys } from '../../kit/arrows.ts';
import { Button, LinkButton } from '../../kit/button.tsx';
import { useLessonContainer } from '../../ui/lesson-container.tsx';
import { useDispatch, useGetLab, useLab, usePageTitle } from '../../ui/page.tsx';
import { Rail } from '../../ui/rail/rail.tsx';
import { type Frame, Pointers } from '../../ui/tour/pointers.tsx';
import { NumbersChoice } from '../contents/reader.tsx';
import { LESSONS, numberOf } from '../list.ts';
import { progressIn } from '../state/progress.ts';
import { chartsOf, LAB, type Lesson, type LessonEntry, type Step } from '../step.tsx';
import { PredictionForm, Quiz, questionName, StepAct } from './asks.tsx';
import { lessonText } from './lesson-parts.ts';
import { LimitsOf, StepMarkNames, SymbolText } from './prose.tsx';
import { useSetUp } from './set-up.ts';
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

function Text({ entry }: { readonly entry: LessonEntry }) {
  const { lesson } = use(lessonText(entry));
  const step = useLab((s) => lesson.steps[Math.min(s.view.step, lesson.steps.length) - 1]);
  return (
    <LessonValuesProvider step={step.title} begins={step.values}>
      <OpenLesson entry={entry} lesson={lesson} />
    </LessonValuesProvider>
  );
}

interface OpenLessonProps {
  readonly entry: LessonEntry;
  readonly lesson: Lesson;
}

const NONE: readonly string[] = [];

function OpenLesson({ entry, lesson }: OpenLessonProps) {
  const { name, steps } = lesson;
  const at = useLab((s) => Math.min(s.view.step, steps.length)) - 1;
  const step = steps[at];
  const last = at + 1 === steps.length;
  const following = LESSONS[numberOf(name) + 1];
  usePageTitle(`Step ${at + 1} · ${entry.title} · Lessons`);
  const dispatch = useDispatch();
  const now = useGetLab();
  const head = useRef<HTMLHeadingElement>(null);
  const turned = useRef(false);
  const [all, setAll] = useState(false);
  const { begun, asLeft, setUp } = useSetUp(step);
  useEffect(() => {
    dispatch({ type: 'studied', lesson: name, changes: { step: at, asked: askedBy(steps) } });
    // If a link opened the lesson, the focus stays put and the text scrolls into view.
    if (turned.current || now().left) head.current?.focus();
    else if (outOfSight(head.current)) head.current?.closest('aside')?.scrollIntoView();
    turned.current = true;
  }, [at, name, steps, now, dispatch]);
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
  const close = useCallback(() => dispatch({ type: 'viewed', changes: { lesson: '', step: 1 } }), [dispatch]);
  const read = (lesson: string) => dispatch({ type: 'viewed', changes: { lesson, step: 1 } });
  const go = useCallback((to: number) => dispatch({ type: 'viewed', changes: { step: to + 1 } }), [dispatch]);
  useEscape(close);
  useArrows(at, steps.length, go);
  const toLab = () => {
    document.getElementById('main')?.focus();
    close();
  };
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
  /** Whether a guess or a question waits: its Check is the main action then. */
  const waits = asks || open !== null || (act?.predicts === true && !isDone);
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
      <div className="where">
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
          {questions && <Quiz lesson={name} step={at} questions={questions} main={asks ? null : open} />}
        </StepMarkNames>
        {!asks && <LimitsOf step={step} />}
        {Foot && <div ref={foot}>{Foot}</div>}
      </div>
      <div className="beside-text">
        <NumbersChoice />
        {figure?.place !== 'lab' && <LinkButton onClick={() => setAll(true)}>Show all controls</LinkButton>}
        <LinkButton onClick={() => read(`handout-${name}`)}>Print</LinkButton>
        <LinkButton onClick={() => read(`notes-${name}`)}>Notes for teachers</LinkButton>
      </div>
      <nav aria-label="Steps of the lesson">
        <Button disabled={at === 0} onClick={() => go(at - 1)}>
          ← Back
        </Button>
        {last ? (
          <>
            {following && <LinkButton onClick={() => read('contents')}>All lessons</LinkButton>}
            <LinkButton onClick={toLab}>To the lab</LinkButton>
            <Button
              className={waits ? 'btn onward' : 'btn main onward'}
              onClick={() => read(following?.name ?? 'contents')}
            >
              {following ? `Next: ${following.title}` : 'All lessons'}
              <span>{following && ` · ${following.minutes} min`} →</span>
            </Button>
          </>
        ) : (
          <>
            <LinkButton onClick={() => read('contents')}>Contents</LinkButton>
            <Button className={waits ? 'btn' : 'btn main'} onClick={() => go(at + 1)}>
              Next →
            </Button>
          </>
        )}
      </nav>
      <StepMarks frames={frames} />
      <InPlace step={step} />
    </aside>
  );
}

const askedBy = (steps: readonly Step[]) => steps.reduce((all, { questions = [] }) => all + questions.length, 0);

interface TicksProps {
  readonly lesson: Lesson;
  readonly at: number;
  readonly go: (to: number) => void;
}

function Ticks({ lesson: { name, steps }, at, go }: TicksProps) {
  const done = useLab((s) => progressIn(s.progress, name).done);
  const showStep = (i: number) => {
    if (i === at) return 'here';
    return done.includes(i) || (i < at && !steps[i].act) ? 'past' : undefined;
  };
  return (
    <div className="progress">
      {steps.map(({ title }, i) => (
        <button
          key={title}
          type="button"
          className={showStep(i)}
          aria-current={i === at ? 'step' : undefined}
          aria-label={`Step ${i + 1}: ${title}${done.includes(i) ? ', done' : ''}`}
          title={title}
          onClick={() => go(i)}
        />
      ))}
    </div>
  );
}

function InPlace({ step }: { readonly step: Step }) {
  const { figure } = step;
  const { place, ask, slot } = useLessonContainer();
  const dispatch = useDispatch();
  const wanted = figure?.place ?? null;
  const runs = wanted !== 'lab' || figure?.live === true;
  useEffect(() => {
    ask({ place: wanted, charts: chartsOf(step) });
    if (runs) dispatch({ type: 'needed' });
  }, [ask, step, wanted, runs, dispatch]);
  useEffect(() => () => ask({ place: null, charts: [] }), [ask]);
  return figure && slot && place === wanted ? createPortal(<figure.Figure />, slot) : null;
}

function outOfSight(element: Element | null): boolean {
  const { top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
  return element !== null && (bottom < 0 || top > window.innerHeight);
}

/** Whether something open or focused uses the keys. */
const taken = () => document.querySelector('dialog[open], :popover-open') !== null;

/** Esc closes the lesson, unless something open or focused uses it. */
function useEscape(close: () => void): void {
  useWindowKeys(({ key, defaultPrevented }) => {
    if (key !== 'Escape' || defaultPrevented || taken()) return;
    const focus = document.activeElement;
    if (focus === document.body || focus?.closest('.lesson')) close();
  });
}

/** Controls that use arrow keys. */
const USES_ARROWS =
  'input, select, textarea, [role="tab"], [role="slider"], [role="grid"], [contenteditable], .figure-slot';

/** ← and → turn the steps while neither the lab nor a control has the focus. */
function useArrows(at: number, steps: number, go: (to: number) => void): void {
  useWindowKeys((event) => {
    const { key, defaultPrevented, ctrlKey, metaKey, altKey, shiftKey } = event;
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || defaultPrevented || ctrlKey || metaKey || altKey || shiftKey || taken()) return;
    const focus = document.activeElement;
    if (focus !== document.body && (!focus?.closest('.lesson') || focus.matches(USES_ARROWS))) return;
    const to = at + by;
    if (to < 0 || to >= steps) return;
    event.preventDefault();
    go(to);
  });
}

/** Frames the parts of the page that the step is about, with a number if the text names it. */
function StepMarks({ frames }: { readonly frames: readonly Frame[] }) {
  useInSight(frames);
  return <Pointers frames={frames} />;
}

const frameOf = (at: string, number: number | null): Frame => ({
  ...{ at, kind: 'box', className: 'mark' },
  tag: number === null ? '' : String(number),
  tagAt: placeOf(at),
});

/** A matrix of the strip has its name right above it, a row of the calculator likewise; left of B there is space. */
function placeOf(at: string): Frame['tagAt'] {
  if (at === LAB.B) return 'left';
  return at.includes('[data-matrix=') || at.includes('[data-module=') ? 'right' : 'corner';
}

/** If the text is sticky, scrolls the step's subject into view too: when the step begins, and once it is drawn. */
function useInSight(frames: readonly Frame[]): void {
  useEffect(() => {
    const { position } = getComputedStyle(document.querySelector('.lesson') ?? document.body);
    if (position === 'static' || frames.length === 0) return;
    const measure = () => {
      // A sheet leaves only the height of the matrices.
      if (position === 'fixed') document.querySelector('.hero')?.scrollIntoView();
      for (const { at } of frames.toReversed()) {
        const marked = document.querySelector<HTMLElement>(at);
        if (marked) marked.style.scrollMargin = '16px';
        marked?.scrollIntoView({ block: 'nearest' });
      }
    };
    measure();
    const timer = setTimeout(measure, DRAWN);
    return () => clearTimeout(timer);
  }, [frames]);
}

/** Delay in ms until a chart opened by a step is drawn. */
const DRAWN = 400;
