import './lessons.css';
import { useCallback, useEffect, useRef, useState } from 'react';
import { RankSlider } from '../ui/controls/numeric.tsx';
import { type Frame, Pointers } from '../ui/opening/pointers.tsx';
import { useDispatch, useNow, useShown } from '../ui/page.tsx';
import { eventsFor, type Lesson, type Step } from './lesson.tsx';
import { whatIsLora } from './what-is-lora.tsx';

const LESSONS: readonly Lesson[] = [whatIsLora];

/** The lesson that is open, in the place of the rail. */
export default function LessonPane() {
  const name = useShown((s) => s.view.lesson);
  const lesson = LESSONS.find((one) => one.name === name);
  return lesson ? <Opened key={name} lesson={lesson} /> : null;
}

function Opened({ lesson }: { readonly lesson: Lesson }) {
  const [at, setAt] = useState(0);
  const [done, setDone] = useState<ReadonlySet<number>>(new Set());
  const [begun, setBegun] = useState<Step | null>(null);
  const step = lesson.steps[at];
  const dispatch = useDispatch();
  const now = useNow();
  const head = useRef<HTMLHeadingElement>(null);
  const turned = useRef(false);
  useEffect(() => {
    for (const event of eventsFor(step, now())) dispatch(event);
    setBegun(step);
    // Where a link has opened the lesson the focus stays where it is; the text comes into sight.
    if (turned.current || now().left) head.current?.focus();
    else if (outOfSight(head.current)) head.current?.closest('aside')?.scrollIntoView();
    turned.current = true;
  }, [step, now, dispatch]);
  // Not as the lab stood before the step began.
  const isDone = useShown((state) => begun === step && state.next === null && step.act.done(state));
  useEffect(() => {
    if (isDone) setDone((before) => (before.has(at) ? before : new Set(before).add(at)));
  }, [isDone, at]);
  // The focus goes back to what opens a lesson, which is there again then.
  const close = useCallback(() => dispatch({ type: 'viewed', changes: { lesson: '' } }), [dispatch]);
  useEscape(close);
  const toLab = () => {
    document.getElementById('main')?.focus();
    close();
  };
  const foot = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isDone) foot.current?.scrollIntoView({ block: 'nearest' });
  }, [isDone]);
  const last = at === lesson.steps.length - 1;
  const seen = done.has(at);
  return (
    <aside className="lesson" aria-label={`Lesson: ${lesson.title}`}>
      <div className="where">
        <span>
          Step {at + 1} of {lesson.steps.length} · about {lesson.minutes} minutes in all
        </span>
        <button type="button" className="link" onClick={close}>
          Close
        </button>
      </div>
      <div className="progress" aria-hidden="true">
        {lesson.steps.map(({ title }, i) => (
          <i key={title} className={i === at ? 'here' : i < at || done.has(i) ? 'past' : undefined} />
        ))}
      </div>
      <h2>{lesson.title}</h2>
      <div className="prose" key={step.title}>
        <h3 ref={head} tabIndex={-1}>
          {step.title}
        </h3>
        <step.Text />
        <TryIt step={step} seen={seen} />
        {step.Foot && (
          <div ref={foot}>
            <step.Foot />
          </div>
        )}
      </div>
      <nav aria-label="Steps of the lesson">
        <button type="button" className="btn" disabled={at === 0} onClick={() => setAt(at - 1)}>
          ← Back
        </button>
        {last ? (
          <button type="button" className={seen ? 'btn main' : 'btn'} onClick={toLab}>
            Go to the lab
          </button>
        ) : (
          <button type="button" className={seen ? 'btn main' : 'btn'} onClick={() => setAt(at + 1)}>
            Next →
          </button>
        )}
      </nav>
      <Shown step={step} />
    </aside>
  );
}

/** Esc closes the lesson, unless something else that is open, or that has the focus, has a use for it. */
function useEscape(close: () => void): void {
  useEffect(() => {
    const press = ({ key, defaultPrevented }: KeyboardEvent) => {
      if (key !== 'Escape' || defaultPrevented || document.querySelector('dialog[open], :popover-open')) return;
      const focus = document.activeElement;
      if (focus === document.body || focus?.closest('.lesson')) close();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [close]);
}

/** Where the lab stands below the text, what is pressed goes to the top of the window, so that what it shows is in sight. */
function bringBelow(pressed: Element | null, shows: readonly string[]): void {
  const lesson = pressed?.closest('.lesson');
  if (!lesson || getComputedStyle(lesson).position !== 'static') return;
  if (shows.some((at) => (document.querySelector(at)?.getBoundingClientRect().bottom ?? 0) > window.innerHeight))
    pressed?.scrollIntoView({ block: 'start' });
}

/** Whether an element is above or below what the window shows. */
function outOfSight(element: Element | null): boolean {
  const { top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
  return element !== null && (bottom < 0 || top > window.innerHeight);
}

/** The act of a step: a button or a slider in the text, and what was to be seen once it is done. */
function TryIt({ step: { act, shows }, seen }: { readonly step: Step; readonly seen: boolean }) {
  const dispatch = useDispatch();
  const now = useNow();
  const place = useRef<HTMLDivElement>(null);
  const press = () => {
    bringBelow(place.current, shows);
    for (const event of act.does(now())) dispatch(event);
  };
  return (
    <div ref={place} className="try">
      <p>
        <b>Try it.</b> <act.Ask />
      </p>
      {act.rank && <RankSlider />}
      <button type="button" className={seen ? 'btn' : 'btn main'} onClick={press}>
        {act.label}
      </button>
      <p role="status" className="seen">
        {seen && <act.Seen />}
      </p>
    </div>
  );
}

/** The parts of the lab that the step is about, framed. */
function Shown({ step }: { readonly step: Step }) {
  const [frames, setFrames] = useState<readonly Frame[]>([]);
  useEffect(() => setFrames(step.shows.map((at) => ({ at, kind: 'box', look: 'ink' }))), [step]);
  useInSight(step);
  return <Pointers frames={frames} />;
}

/** Where the text stays in sight by itself, what it is about is brought there too: when the step begins, and once it is drawn. */
function useInSight({ shows }: Step): void {
  useEffect(() => {
    const { position } = getComputedStyle(document.querySelector('.lesson') ?? document.body);
    if (position === 'static') return;
    const look = () => {
      // A sheet leaves no more than the matrices' own height.
      if (position === 'fixed') document.querySelector('.hero')?.scrollIntoView();
      for (const at of shows.toReversed()) document.querySelector(at)?.scrollIntoView({ block: 'nearest' });
    };
    look();
    const timer = setTimeout(look, DRAWN);
    return () => clearTimeout(timer);
  }, [shows]);
}

/** A chart that a step opens is there after so many ms. */
const DRAWN = 400;
