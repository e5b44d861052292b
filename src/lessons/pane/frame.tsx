import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { settingsLink } from '../../experiment/link/link.ts';
import { arrowKeys, useWindowKeys } from '../../kit/arrows.ts';
import type { State } from '../../state/state.ts';
import { useLessonContainer } from '../../ui/figures/lesson-container.tsx';
import { useDispatch, useGetLab, useLab } from '../../ui/page.tsx';
import { type Frame, Pointers } from '../../ui/tour/pointers.tsx';
import { progressIn } from '../state/progress.ts';
import { chartsOf, LAB, type Lesson, type Step } from '../step.tsx';
import { begin } from './lesson-parts.ts';

/** Number of the questions of a lesson. */
export const askedBy = (steps: readonly Step[]): number =>
  steps.reduce((all, { questions = [] }) => all + questions.length, 0);

interface TicksProps {
  readonly lesson: Lesson;
  /** From 0; the number of steps: the end of the lesson. */
  readonly at: number;
  readonly go: (to: number) => void;
}

export function Ticks({ lesson: { name, steps }, at, go }: TicksProps) {
  const done = useLab((s) => progressIn(s.progress, name).done);
  const showStep = (i: number) => {
    // At the end of the lesson all that is done is in ink, and nothing else.
    if (at === steps.length) return done.includes(i) ? 'here' : undefined;
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
          // One tab stop, so that the step is near by Tab; arrows lead to the others.
          tabIndex={i === Math.min(at, steps.length - 1) ? 0 : -1}
          onKeyDown={arrowKeys(toNeighbour)}
        />
      ))}
    </div>
  );
}

function toNeighbour({ key, currentTarget }: KeyboardEvent): false | undefined {
  const { previousElementSibling, nextElementSibling } = currentTarget;
  const to = { ArrowLeft: previousElementSibling, ArrowRight: nextElementSibling }[key];
  if (!(to instanceof HTMLElement)) return false;
  to.focus();
}

export function InPlace({ step }: { readonly step: Step }) {
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

export function outOfSight(element: Element | null): boolean {
  const { top = 0, bottom = 0 } = element?.getBoundingClientRect() ?? {};
  return element !== null && (bottom < 0 || top > window.innerHeight);
}

/** Whether something open or focused uses the keys. */
const taken = () => document.querySelector('dialog[open], :popover-open') !== null;

/** Esc closes the lesson, unless something open or focused uses it. */
export function useEscape(close: () => void): void {
  useWindowKeys(({ key, defaultPrevented }) => {
    if (key !== 'Escape' || defaultPrevented || taken()) return;
    const focus = document.activeElement;
    if (isFree(focus) || focus?.closest('.lesson')) close();
  });
}

/** Nothing has the focus, or the main part as a whole, which a new screen gets. */
const isFree = (focus: Element | null) => focus === document.body || focus?.id === 'main';

/** Controls that use arrow keys. */
const USES_ARROWS =
  'input, select, textarea, .seg button, [role="tab"], [role="slider"], [role="grid"], [contenteditable], .figure-slot';

/** ← and → turn the steps while neither the lab nor a control has the focus. */
export function useArrows(at: number, places: number, go: (to: number) => void): void {
  useWindowKeys((event) => {
    const { key, defaultPrevented, ctrlKey, metaKey, altKey, shiftKey } = event;
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || defaultPrevented || ctrlKey || metaKey || altKey || shiftKey || taken()) return;
    const focus = document.activeElement;
    if (!isFree(focus) && (!focus?.closest('.lesson') || focus.matches(USES_ARROWS))) return;
    const to = at + by;
    if (to < 0 || to >= places) return;
    event.preventDefault();
    go(to);
  });
}

/** Frames the parts of the page that the step is about, with a number if the text names it. */
export function StepMarks({ frames }: { readonly frames: readonly Frame[] }) {
  useInSight(frames);
  return <Pointers frames={frames} />;
}

export const frameOf = (at: string, number: number | null): Frame => ({
  at,
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

/** The lab's settings, as far as a step sets them. */
const shownSettings = ({ experiment }: State) => settingsLink(experiment);

/** Sets the lab and the calculator up when a step begins; if the reader has changed them there, as they were left. */
export function useSetUp(step: Step) {
  const dispatch = useDispatch();
  const now = useGetLab();
  const [begun, setBegun] = useState<Step | null>(null);
  const [asLeft, setAsLeft] = useState(false);
  /** The settings after the reader's last change in a step by other means than the lesson's. */
  const byHand = useRef(new Map<Step, string>());
  const costs = useRef(new Map<Step, string>());
  const asked = useRef<Step | null>(null);
  const setUp = useCallback(
    (link = step.link) => {
      asked.current = step;
      setAsLeft(link !== step.link);
      begin(
        { ...step, link },
        { now, dispatch },
        () => asked.current === step,
        () => setBegun(step),
      );
    },
    [step, now, dispatch],
  );
  const setUpAgain = () => {
    byHand.current.delete(step);
    setUp();
  };
  useEffect(() => {
    const { cost } = step;
    // A link that opens a lesson may have a setting of its own.
    const fromLink = asked.current === null && costs.current.size === 0 && !now().left && now().view.cost !== '';
    if (cost !== undefined && !fromLink)
      dispatch({ type: 'viewed', changes: { cost: costs.current.get(step) ?? cost } });
    if (step.link === undefined && step.begins === undefined) setBegun(step);
    else setUp(byHand.current.get(step));
    return () => {
      if (cost !== undefined) costs.current.set(step, now().view.cost);
    };
  }, [step, now, dispatch, setUp]);
  useEffect(() => {
    const note = (event: Event) => {
      const from = event.target instanceof Element ? event.target : null;
      // Only controls of the lab or the rail, not of the text.
      if (!from || from.closest('.lesson') || !from.closest('#main, .rail, .bar')) return;
      const before = shownSettings(now());
      // After the control's own effect.
      requestAnimationFrame(() => {
        const after = shownSettings(now());
        if (after !== before && asked.current === step) byHand.current.set(step, after);
      });
    };
    const kinds = ['input', 'change', 'click', 'keydown'];
    for (const kind of kinds) window.addEventListener(kind, note, true);
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, note, true);
    };
  }, [step, now]);
  return { begun, asLeft, setUp: setUpAgain };
}
