import { type ChangeEvent, type PointerEvent, useEffect, useMemo, useState } from 'react';
import { hoverAt } from '../../charts/chart.ts';
import { count, number, trim } from '../../experiment/numbers.ts';
import { Announced, useAnnouncement } from '../../kit/announced.tsx';
import { Select } from '../../kit/button.tsx';
import { plotOf } from '../../kit/chart/chart.ts';
import { usePlot } from '../../kit/chart/use-plot.ts';
import { useWidth } from '../../kit/media.tsx';
import { type Actions, actionsOf } from '../../state/actions.ts';
import { canPin, currentPin } from '../../state/compare/pins.ts';
import { goTo } from '../../state/places.ts';
import { isComplete, lastStep } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { RankSlider } from '../controls/numeric.tsx';
import { useIsVisible } from '../controls/visible-controls.ts';
import { readOutText, runAtPointer } from '../figures/run-at-pointer.ts';
import { sceneOf, shownBudget } from '../lab-scene.ts';
import { Press, useDispatch, useLab, useLabObject } from '../page.tsx';
import { LazyLockedSettings } from '../rail/lazy-locked-settings.tsx';
import { announcement, isAtReach, preparationProgress, type StatusWords, statusWords } from '../words/status.ts';

/** Buttons, status and timeline, above the charts over steps. On a phone the main buttons are in the dock. */
export function Transport({ docked }: { readonly docked: boolean }) {
  // The dock shows it then.
  const compares = useLab((s) => s.view.view === 'compare');
  return (
    <section className="transport" aria-label="Run">
      <div className="row tp">
        {!docked && <MainButton />}
        <StepButton />
        {!docked && <RewindButton />}
        {!(docked && compares) && <PinButton />}
        <PinSaid />
        <Pace />
        <StatusLine />
      </div>
      <Timeline />
    </section>
  );
}

function useActions() {
  const long = useLongPreparation();
  return useLabObject((state) => {
    const { main, step, rewind } = actionsOf(steadyState(state, long));
    return { label: main.label, does: main.does, step, rewind };
  });
}

export function MainButton() {
  const { label, does } = useActions();
  // Another button is emphasised if more steps change nothing, in a lesson, and where a run is handed in.
  const spent = useLab((s) => isComplete(s.run) && isAtReach(s.run));
  const elsewhere = useLab((s) => s.view.lesson !== '' || s.view.handin);
  return (
    <Press
      className={elsewhere ? 'btn' : spent ? 'btn main spent' : 'btn main'}
      event={{ type: does satisfies Actions['main']['does'] }}
    >
      {label}
    </Press>
  );
}

function StepButton() {
  const { step } = useActions();
  return (
    <Press disabled={!step} event={{ type: 'train', steps: 1 }}>
      Step
    </Press>
  );
}

export function RewindButton() {
  const { rewind, does } = useActions();
  if (does === 'rewind') return null;
  return (
    <Press disabled={!rewind} event={{ type: 'rewind' }}>
      Rewind
    </Press>
  );
}

function PinButton() {
  const pinned = useLab((s) => currentPin(s) !== null);
  const can = useLab(canPin);
  return (
    <Press
      disabled={!can}
      title={pinned ? 'Take its pin away (p)' : 'Keep this run in the charts, to compare others with it (p)'}
      aria-keyshortcuts="p"
      event={{ type: 'compare', does: 'pin' }}
    >
      {pinned ? 'Unpin run' : 'Pin run'}
    </Press>
  );
}

function PinSaid() {
  const pins = useLab((s) => s.compare.pins.length);
  const error = useLab((s) => s.run.trace.series.relativeError?.[lastStep(s.run)]);
  const said = useAnnouncement(pins, (before) => {
    const value = error === undefined ? '' : `, error ${number(error)}`;
    return `${pins > before ? `Run pinned${value}` : 'Run unpinned'}, ${pins} of 4`;
  });
  return (
    <span className="unseen" aria-live="polite">
      {said}
    </span>
  );
}

const PACES = [1, 10, 50, Number.POSITIVE_INFINITY];

/** The paces on offer, and that of a link, which may be any. */
export const pacesWith = (pace: number): readonly number[] =>
  PACES.includes(pace) ? PACES : [...PACES, pace].sort((a, b) => a - b);

export function Pace() {
  const pace = useLab((s) => s.view.pace);
  const dispatch = useDispatch();
  return (
    <Select
      className="pick quiet pace"
      aria-label="Pace in steps per second"
      title="Pace"
      options={pacesWith(pace).map((value) => [value, Number.isFinite(value) ? `${trim(value)}/s` : 'max'])}
      value={pace}
      onChange={(to) => dispatch({ type: 'viewed', changes: { pace: to } })}
    />
  );
}

/** At the foot or the side of a phone: train, rewind, the sheet with all other settings, rank, progress. */
export function Dock() {
  const phone = useWidth() === 'phone';
  const rank = useIsVisible('rank');
  // During a comparison there is no room for a slider next to the buttons: it is in the sheet.
  const compares = useLab((s) => s.view.view === 'compare') && phone;
  return (
    <section className={compares ? 'dock compares' : 'dock'} aria-label="Controls">
      <div className="acts">
        <MainButton />
        {!compares && <RewindButton />}
        <Press event={{ type: 'panel', panel: { name: 'rail' } }}>Set up</Press>
        {compares && <PinButton />}
        {compares && <Press event={goTo('lab')}>Back</Press>}
      </div>
      {compares ? null : rank ? (
        <RankSlider aside={<Step />} />
      ) : (
        <div>
          <LazyLockedSettings only="rank" />
          <p className="dock-step">
            <Step />
          </p>
        </div>
      )}
    </section>
  );
}

function Step() {
  const step = useLab(shownStep);
  return <span className="note">step {count(step)} </span>;
}

function useWords(): StatusWords {
  const long = useLongPreparation();
  return useLabObject((state) => statusWords(steadyState(state, long)));
}

function StatusLine() {
  const { first, rest, below, bad } = useWords();
  return (
    <div className="st">
      <b className={bad ? 'bad-word' : undefined}>{first}</b>
      {rest}
      {below ? (
        <span>
          {below} <BackToLive />
        </span>
      ) : (
        <Preparation />
      )}
      <Announcement />
    </div>
  );
}

function BackToLive() {
  const back = useLab((s) => shownStep(s) < lastStep(s.run));
  if (!back) return null;
  return (
    <Press className="link live" event={{ type: 'look', step: null }}>
      Back to live
    </Press>
  );
}

function Preparation() {
  const long = useLongPreparation();
  const fraction = useLab((s) => preparationProgress(s)?.fraction ?? 0);
  const trains = useLab((s) => s.next?.behind ?? false);
  if (!long) return null;
  return (
    <span>
      <progress value={fraction} max={1} aria-label={trains ? 'Training the new run' : 'Preparing the matrices'} />
    </span>
  );
}

/** Announces changes of status to screen readers, not every step. */
function Announcement() {
  const status = useLab((s) => s.run.status);
  const words = useWords();
  const said = useAnnouncement(status, () =>
    status === 'training' || status === 'preparing' ? words.first : announcement(words),
  );
  return <Announced as="span">{said}</Announced>;
}

/** Half the width of a native slider's thumb: its middle, not its edge, marks the value. */
const HALF_THUMB = 6;

type Picture = typeof import('../../charts/error/timeline.ts')['timeline'];

/** Loaded with the charts, while the first matrices are made; the slider is there before. */
function usePicture(): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null);
  useEffect(() => {
    let gone = false;
    void import('../../charts/error/timeline.ts').then(({ timeline }) => {
      if (!gone) setPicture(timeline);
    });
    return () => {
      gone = true;
    };
  }, []);
  return picture;
}

const notYet = () => {};

/** The error over steps, with a slider for looking back. The picture is the chart's, with a native slider on top. */
function Timeline() {
  const scene = useLab((state) => sceneOf(state, 'step', true));
  const dispatch = useDispatch();
  const picture = usePicture();
  const { container, svg, size } = usePlot(picture?.draw ?? notYet, scene);
  const compares = scene.others.some(({ pin }) => pin);
  const hover = (event: PointerEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    dispatch({ type: 'hover', hover: hoverAt('step', (size && picture?.locate(scene, size, x)) ?? null) });
    if (compares) dispatch({ type: 'compare', does: 'point', at: runAtPointer(event) });
  };
  const leave = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    dispatch({ type: 'hover', hover: null });
    if (compares) dispatch({ type: 'compare', does: 'point', at: null });
  };
  const read = picture && readOutText(picture, scene);
  return (
    <div className="course">
      <div className="title">
        <h2>{scene.network ? 'Accuracy' : 'Error'} over training</h2>
        <span className="readout cut grow" aria-hidden="true">
          {read}
        </span>
      </div>
      <div ref={container} className="timeline" onPointerMove={hover} onPointerLeave={leave}>
        <svg ref={svg} className="chart" aria-hidden="true" />
        {size && <Slider left={plotOf(size).left} right={plotOf(size).right} />}
      </div>
    </div>
  );
}

function Slider({ left, right }: { readonly left: number; readonly right: number }) {
  const step = useLab(shownStep);
  const end = useLab(shownBudget);
  const error = useLab((s) => s.run.trace.series.relativeError?.[shownStep(s)]);
  const ready = useLab((s) => s.run.ready !== null);
  const dispatch = useDispatch();
  const showStep = (event: ChangeEvent<HTMLInputElement>) =>
    dispatch({ type: 'look', step: Number(event.target.value) });
  const said = `step ${count(step)} of ${count(end)}`;
  return (
    <input
      type="range"
      aria-label="Timeline: look back at an earlier step"
      aria-valuetext={error === undefined ? said : `${said}, relative error ${number(error)}`}
      min={0}
      max={end}
      step={1}
      value={step}
      disabled={!ready}
      onChange={showStep}
      style={{ left: left - HALF_THUMB, width: right - left + 2 * HALF_THUMB }}
    />
  );
}

/** Whether the present preparation has taken long enough to be reported: most finish at once. */
export function useLongPreparation(): boolean {
  const preparing = useLab((s) => s.run.status === 'preparing');
  // The long preparation, as an object: nothing to reset when the next begins, as a held key does at every repeat.
  const [long, setLong] = useState<object | null>(null);
  const mine = useMemo(() => ({ preparing }), [preparing]);
  useEffect(() => {
    if (!mine.preparing) return;
    const timer = window.setTimeout(() => setLong(mine), 400);
    return () => window.clearTimeout(timer);
  }, [mine]);
  return preparing && long === mine;
}

/** The state without a short preparation, so that buttons and texts do not flicker while a slider is dragged. */
export function steadyState(state: State, long: boolean): State {
  const { run, next } = state;
  if (run.status !== 'preparing' || long) return state;
  return { ...state, run: { ...run, status: next?.before ?? 'idle' } };
}
