import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Scene } from '../../charts/chart.ts';
import { spectrum } from '../../charts/spectrum/spectrum.ts';
import { number, percent, powerOfTen } from '../../experiment/numbers.ts';
import { arrowKeys } from '../../kit/arrows.ts';
import { Button, Choice } from '../../kit/button.tsx';
import { Figure, Plot } from '../../kit/figure.tsx';
import { useMedia } from '../../kit/media.tsx';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { drawPlaneShare, drawSpace, type PlaneShare, type SpaceScene } from '../charts/turned/picture.ts';
import { addVec, dot3, edgeOnView, scaleVec, turnView, type ViewAngles } from '../charts/turned/turn.ts';
import { lessonValue, useLessonValue } from '../pane/values.tsx';
import {
  cornersOf,
  INPUTS,
  type Moment,
  momentOf,
  type PlaneRun,
  RUNS,
  recordedIndex,
  thirdStretch,
  updateAt,
} from './column-space.ts';

/** The step in the figure, the direction of view, and whether B trains. */
const STEP = lessonValue('step', 300);
export const VIEW = lessonValue<ViewAngles>('view', { yaw: 0.5, pitch: 0.28 });
export const B_MODE = lessonValue<BMode>('b', 'learned');

const last = (run: PlaneRun) => run.steps[run.steps.length - 1] ?? 0;

type BMode = 'learned' | 'frozen';

function useMoment(which: BMode) {
  const [step] = useLessonValue(STEP);
  const run = RUNS[which];
  const at = recordedIndex(run, step);
  const moment = useMemo(() => momentOf(run, at), [run, at]);
  return { run, at, moment };
}

function planeWords({ outputs, normal, off, away, step }: Moment): string {
  if (!normal) return `Step ${step}: B is zero, so all ${outputs.length} outputs are zero and there is no plane yet.`;
  const within = powerOfTen(Math.max(-6, Math.ceil(Math.log10(Math.max(off, 1e-9)))));
  return `Step ${step}: ${outputs.length} outputs, all within ${within} of the plane; targets up to ${number(away)} away.`;
}

export const LearnedPlane = () => <ColumnsFigure which="learned" />;

/** The run that the text selects: B trains or is frozen. */
export function PlaneFigure() {
  const [which] = useLessonValue(B_MODE);
  return <ColumnsFigure which={which} />;
}

/** Inputs left, outputs on the plane of B right, and below them the directions of ΔW and the position of the plane. */
function ColumnsFigure({ which }: { readonly which: BMode }) {
  const { run, at, moment } = useMoment(which);
  const [view, setView] = useLessonValue(VIEW);
  const [side, setSide] = useState<ViewAngles>({ yaw: 0.4, pitch: 0.35 });
  const inputs = useMemo(() => inputSpace(moment, side), [moment, side]);
  const outputs = useMemo(() => outputSpace(run, moment, view), [run, moment, view]);
  return (
    <div className="columns">
      <Turnable
        title="Inputs x"
        help={`${INPUTS.length} draws in three dimensions; the ringed two differ only in what A does not see`}
        says={`${INPUTS.length} inputs in all directions, and the line along which A sees nothing. Two ringed inputs differ along it and get the same output.`}
        space={inputs}
        turn={setSide}
      />
      <Turnable
        title="Outputs ΔW·x"
        help="green: s·B·A·x; red rings: ΔW*·x, the target; dashed: the plane at step 10"
        says={planeWords(moment)}
        space={outputs}
        turn={setView}
      />
      <Timeline run={run} error={moment.error} />
      <Values run={run} at={at} />
      <Where run={run} step={moment.step} which={which} />
    </div>
  );
}

const RINGED = 59;
const APART = 1.3;

function inputSpace({ unseen }: Moment, view: ViewAngles): SpaceScene {
  const first = INPUTS[RINGED] ?? [1, 0, 0];
  return {
    ...{ view, reach: 3.2, axes: ['x₁', 'x₂', 'x₃'] as const, points: INPUTS, hue: 'ink' },
    line: { to: scaleVec(unseen, 2), name: ['A sees nothing', 'along this line'], className: 'a' },
    chosen: { points: [first, addVec(first, scaleVec(unseen, APART))], name: ['same z,', 'same output'] },
  };
}

function outputSpace(run: PlaneRun, { outputs, targets, normal, step }: Moment, view: ViewAngles): SpaceScene {
  const early = momentOf(run, recordedIndex(run, 10)).normal;
  // A plane that has not moved would hide its earlier self.
  const turnedSince = normal && early && Math.abs(dot3(normal, early)) < 0.9999;
  return {
    ...{ view, reach: 2.5, axes: ['h₁', 'h₂', 'h₃'] as const, points: outputs, hue: 'dw', rings: targets },
    plane: normal && { corners: cornersOf(run, normal), name: 'col(B)' },
    before: turnedSince && step > 10 ? { corners: cornersOf(run, early), name: 'step 10' } : null,
    measured: run === RUNS.learned ? { to: thirdStretch(run), name: `σ₃ = ${number(run.values[2] ?? 0, 2)}` } : null,
    chosen: { points: outputs.slice(RINGED, RINGED + 1), name: ['of both', 'ringed inputs'] },
  };
}

interface TurnableProps {
  readonly title: string;
  readonly help: string;
  readonly says: string;
  readonly space: SpaceScene;
  readonly turn: (view: ViewAngles) => void;
}

/** Radians per arrow key, and per dragged px. */
const KEY = Math.PI / 36;
const DRAG = 0.008;

function Turnable({ title, help, says, space, turn }: TurnableProps) {
  const drag = useRef<{ readonly x: number; readonly y: number; readonly view: ViewAngles } | null>(null);
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return false;
    turn(turnView(space.view, (by[0] ?? 0) * KEY, (by[1] ?? 0) * KEY));
  };
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (!drag.current) return;
    const { x, y, view } = drag.current;
    turn(turnView(view, (x - clientX) * DRAG, (clientY - y) * DRAG));
  };
  const lift = () => {
    drag.current = null;
  };
  return (
    <Figure title={title} help={help}>
      <Plot
        chart={{ draw: drawSpace, describe: () => says }}
        scene={space}
        className="plot turnable"
        aria-label={title}
        aria-roledescription="picture that arrow keys turn"
        tabIndex={0}
        onKeyDown={arrowKeys(press)}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, y: event.clientY, view: space.view };
        }}
        onPointerMove={move}
        onPointerUp={lift}
        onPointerCancel={lift}
      />
    </Figure>
  );
}

function Timeline({ run, error }: { readonly run: PlaneRun; readonly error: number }) {
  const [step, setStep] = useLessonValue(STEP);
  const end = last(run);
  const here = Math.min(step, end);
  const next = run.steps[recordedIndex(run, here) + 1] ?? end;
  return (
    <div className="under-rule time">
      <Button disabled={here >= end} onClick={() => setStep(next)}>
        Step
      </Button>
      <Button onClick={() => setStep(0)}>Rewind</Button>
      <label className="row whole">
        <span>
          <b>Step {here}</b> of {end}, error {error.toFixed(3)}
        </span>
        <input
          type="range"
          min={0}
          max={run.steps.length - 1}
          step={1}
          value={recordedIndex(run, here)}
          aria-valuetext={`step ${here}, error ${error.toFixed(3)}`}
          onChange={(event) => setStep(run.steps[event.currentTarget.valueAsNumber] ?? 0)}
        />
      </label>
      <span className="help">
        {run === RUNS.learned ? 'a recorded run: the plane turns into its place' : 'a recorded run: the plane stays'}
      </span>
    </div>
  );
}

function Values({ run, at }: { readonly run: PlaneRun; readonly at: number }) {
  const scene = useMemo(() => spectrumScene(run, at), [run, at]);
  return (
    <Figure title="Singular values σᵢ" help="of ΔW and of the target, 3 × 3">
      <Plot chart={spectrum} scene={scene} />
    </Figure>
  );
}

function spectrumScene(run: PlaneRun, at: number): Scene {
  const step = run.steps[at] ?? 0;
  // At rank 2 the third one is rounding.
  const values = singularValues({ rows: 3, cols: 3, data: Float64Array.from(updateAt(run, at)) }).subarray(0, 2);
  const none: readonly number[] = [];
  const whole = run.values.reduce((sum, v) => sum + v * v, 0);
  const floor = [0, 1, 2, 3].map((i) => Math.sqrt(run.values.slice(i).reduce((sum, v) => sum + v * v, 0) / whole));
  return {
    ...{ status: 'finished', d: 3, k: 3, rank: 2, scaling: run.scaling, budget: last(run), step, lookingBack: false },
    curves: {
      ...{ length: step + 2, loss: none, gradNormA: none, gradNormB: none },
      ...{ updateNormA: none, updateNormB: none, relativeError: none },
    },
    sampled: { steps: [step], spectra: [values] },
    spectrum: values,
    alignment: null,
    target: { values: run.values, how: 'computed', error: 0, norm: Math.sqrt(whole), floor },
    ...{ ownFloor: { value: null, by: 'rank' }, frozenFactor: null, samples: null, network: null, zeroAtStart: null },
    ...{ definition: 'entropy', others: [], ended: [], hover: null, empty: null },
  };
}

/** The largest share of ΔW* in any plane: that of its two strongest directions. */
const mostOf = ({ values: [a = 0, b = 0, c = 0] }: PlaneRun) => (a * a + b * b) / (a * a + b * b + c * c);

function Where({ run, step, which }: { readonly run: PlaneRun; readonly step: number; readonly which: BMode }) {
  const shares = useMemo(() => run.steps.map((_, i) => momentOf(run, i).share), [run]);
  const max = mostOf(run);
  const now = shares[recordedIndex(run, step)] ?? 0;
  const scene = useMemo((): PlaneShare => {
    const name = [`${percent1(max)}, the most`, 'possible at rank 2'] as const;
    return { steps: run.steps, shares, max, step, name };
  }, [run, shares, max, step]);
  const words = `Step ${step}: the plane of ${which === 'frozen' ? 'the frozen ' : ''}B holds ${percent(now)} of ΔW*. The most possible at rank 2 is ${percent1(max)}.`;
  return (
    <Figure title="Where the plane is" help="share of ΔW* that lies in col(B): ‖P·ΔW*‖² / ‖ΔW*‖²">
      <Plot chart={{ draw: drawPlaneShare, describe: () => words }} scene={scene} />
    </Figure>
  );
}

const percent1 = (share: number) => `${(100 * share).toFixed(1)}%`;

/** Radians per frame of the slow turn. */
const SLOW = 0.006;

export function TurnButtons() {
  const { moment } = useMoment('learned');
  const [view, setView] = useLessonValue(VIEW);
  const [turning, setTurning] = useState(false);
  const calm = useMedia('(prefers-reduced-motion: reduce)');
  const now = useRef(view);
  now.current = view;
  useEffect(() => {
    if (!turning) return;
    let frame = requestAnimationFrame(function next() {
      setView(turnView(now.current, SLOW, 0));
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [turning, setView]);
  const level = () => {
    setTurning(false);
    if (moment.normal) setView(edgeOnView(moment.normal, view));
  };
  return (
    <div className="row">
      <Button disabled={!moment.normal} onClick={level}>
        Edge on
      </Button>
      {!calm && (
        <Button aria-pressed={turning} onClick={() => setTurning(!turning)}>
          {turning ? 'Stop turning' : 'Turn slowly'}
        </Button>
      )}
    </div>
  );
}

export function BModeChoice() {
  const [which, set] = useLessonValue(B_MODE);
  return (
    <div className="row">
      <Choice
        aria-label="Factor B"
        options={[
          ['learned', 'B trains'],
          ['frozen', 'B is random and frozen'],
        ]}
        value={which}
        onChange={set}
      />
    </div>
  );
}

/** Whether a view shows the plane at its end edge-on, or nearly so. */
export function isEdgeOn({ yaw, pitch }: ViewAngles, run: PlaneRun): boolean {
  const { normal } = momentOf(run, run.steps.length - 1);
  if (!normal) return false;
  const sight = [Math.cos(pitch) * Math.cos(yaw), Math.cos(pitch) * Math.sin(yaw), Math.sin(pitch)];
  return Math.abs(sight.reduce((sum, v, i) => sum + v * (normal[i] ?? 0), 0)) < NEARLY;
}

/** sin 4°. */
const NEARLY = 0.07;
