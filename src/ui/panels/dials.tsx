import './dials.css';
import { type ReactNode, useDeferredValue, useMemo } from 'react';
import { type DialCurve, dialCurves } from '../../charts/error/dial-curves.ts';
import { once } from '../../experiment/layer/cached.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { prepareProblem } from '../../experiment/layer/problem.ts';
import { count, display, number } from '../../experiment/numbers.ts';
import { type DialView, dialsText, REACH, readDials } from '../../experiment/prediction/dial-link.ts';
import {
  checksumOf,
  DIAL_RULES,
  type DialRule,
  type DialRun,
  type DialStart,
  dialled,
  dialRun,
  differenceOf,
  type Knobs,
  turned,
  UNTURNED,
} from '../../experiment/prediction/dials.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { Choice, optionsOf } from '../../kit/button.tsx';
import { ReadFigure } from '../../kit/figure.tsx';
import { clampToTrack, logarithmic, SliderControl, type Track } from '../../kit/slider.tsx';
import { Sym } from '../../kit/symbols.tsx';
import { useDispatch, useLab } from '../page.tsx';
import { Dialog } from './dialog.tsx';

const E = change(defaults(), { target: 'edit', edit: 'sunglasses', rank: 8, alpha: 16, seed: 3 });
const STEPS = 120;
const RATES: Readonly<Record<DialRule, number>> = { adam: 0.015, sgd: 0.16 };

/** The owl's sunglasses at rank 8, from Kaiming, and the floor. */
const matrices = once(() => {
  const problem = prepareProblem(E, null, { vectors: false });
  if ('why' in problem) throw new Error(problem.why);
  const [{ A, wanted }] = problem.modules;
  return { A, target: wanted.matrix, norm: wanted.norm, floor: floorOf(wanted.spectrum.values)[E.rank] };
});

function startOf(rule: DialRule): DialStart {
  const { A, target, norm } = matrices();
  return { A, target, norm, rule, rate: RATES[rule], scaling: E.alpha / E.rank, steps: STEPS };
}

/** Even on the logarithm. */
const TRACK: Track = {
  ...{ from: 1 / REACH, to: REACH, scale: logarithmic(1 / REACH, REACH), ticks: [1], textOf: () => 'was' },
  rounded: (value) => Number(value.toPrecision(2)),
  smallStep: (value, direction) => clampToTrack(direction > 0 ? 2 * value : value / 2, TRACK),
};
const FACTORS = [
  [0.25, '¼'],
  [0.5, '½'],
  [1, '1'],
  [2, '2'],
  [3, '3'],
  [4, '4'],
] as const;

interface KnobProps {
  readonly label: ReactNode;
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly onValue: (value: number) => void;
}

const Knob = ({ name, ...knob }: KnobProps) => <SliderControl track={TRACK} aria-label={name} {...knob} />;

const times = (value: number) => `× ${display(value)}`;

/** α, the size of A and both rates: four knobs, of which two together change a run. */
export default function DialsPanel() {
  const text = useLab((s) => s.view.dials);
  const now = useMemo(() => readDials(text), [text]);
  const { rule, turn: turns, knobs, slope, turning } = now;
  const dispatch = useDispatch();
  const show = (changes: Partial<DialView>) =>
    dispatch({ type: 'viewed', changes: { dials: dialsText({ ...now, ...changes }) } });
  const start = useMemo(() => startOf(rule), [rule]);
  const before = useMemo(() => dialRun(start, UNTURNED), [start]);
  const shown = useDeferredValue(knobs);
  const after = useMemo(() => dialRun(start, shown), [start, shown]);
  const turn = (to: { readonly p: number; readonly q: number }, of = rule) =>
    show({ rule: of, turn: to, knobs: turned(of, to.p, to.q) });
  const alone = (changes: Partial<Knobs>) => show({ turn: null, knobs: { ...knobs, ...changes } });
  const rate = RATES[rule];
  const { floor } = matrices();
  return (
    <Dialog title="Four knobs, two dials" kind="dials">
      <div className="dials-columns">
        <section aria-label="Turn them together">
          <Choice
            aria-label="Optimiser"
            options={optionsOf(DIAL_RULES)}
            value={rule}
            onChange={(to) => turn(turns ?? { p: 1, q: 1 }, to)}
          />
          <p className="note">
            p and q turn all four: <Sym of="α" /> ÷ pq, size of <Sym of="A" /> × p, rate of <Sym of="A" /> ×{' '}
            {rule === 'sgd' ? 'p²' : 'p'}, rate of <Sym of="B" /> × {rule === 'sgd' ? 'q²' : 'q'}.
          </p>
          {(['p', 'q'] as const).map((name) => (
            <div key={name} className="ctl">
              <div className="hd">
                <i>{name}</i>
              </div>
              <Choice
                aria-label={name}
                options={FACTORS}
                value={turns?.[name] ?? null}
                onChange={(to) => turn({ p: 1, q: 1, ...turns, [name]: to ?? 1 })}
              />
            </div>
          ))}
          <Knob
            name="LoRA α"
            label={<Sym of="α" />}
            value={knobs.alpha}
            text={`${display(E.alpha * knobs.alpha)}, was ${E.alpha}`}
            onValue={(alpha) => alone({ alpha })}
          />
          <Knob
            name="Size of A"
            label="Size of A at the start"
            value={knobs.size}
            text={`${times(knobs.size)}, was × 1`}
            onValue={(size) => alone({ size })}
          />
          <Knob
            name="Rate of A"
            label="Rate of A"
            value={knobs.rateA}
            text={`${display(rate * knobs.rateA)}, was ${rate}`}
            onValue={(rateA) => alone({ rateA })}
          />
          <Knob
            name="Rate of B"
            label="Rate of B"
            value={knobs.rateB}
            text={`${display(rate * knobs.rateB)}, was ${rate}`}
            onValue={(rateB) => alone({ rateB })}
          />
        </section>
        <section aria-label="Two runs">
          <Curves
            title="Two runs"
            help="before turning: wide and pale; after: thin and dark"
            floor={floor}
            curves={[
              { name: 'before', look: 'under', error: before.error },
              { name: 'after', look: 'main', error: after.error },
            ]}
          />
          <Difference before={before} after={after} />
        </section>
        <section aria-label="The dials that are real">
          <Knob
            name="First slope"
            label="First slope: α × size of A × rate of B"
            value={slope}
            text={times(slope)}
            onValue={(to) => show({ slope: to })}
          />
          <Knob
            name="Turning time"
            label="Turning time: size of A ÷ rate of A"
            value={turning}
            text={times(turning)}
            onValue={(to) => show({ turning: to })}
          />
          <p className="note">
            The slope decides how soon ΔW grows, the turning time how long A stays where it started. Any rule for α is a
            rule for these two.
            {rule === 'adam' && ' Adam’s ε is divided along with p and q.'}
          </p>
        </section>
        <RealDials start={start} before={before} slope={slope} turning={turning} floor={floor} />
      </div>
    </Dialog>
  );
}

interface RealDialsProps {
  readonly start: DialStart;
  readonly before: DialRun;
  readonly slope: number;
  readonly turning: number;
  readonly floor: number;
}

function RealDials({ start, before, slope, turning, floor }: RealDialsProps) {
  const [deferredSlope, deferredTurning] = [useDeferredValue(slope), useDeferredValue(turning)];
  const sloped = useMemo(() => dialRun(start, dialled(deferredSlope, 1)).error, [start, deferredSlope]);
  const late = useMemo(() => dialRun(start, dialled(1, deferredTurning)).error, [start, deferredTurning]);
  return (
    <section aria-label="Each dial does one thing">
      <Curves
        title="Each dial does one thing"
        help="relative error, log scale"
        floor={floor}
        curves={[
          { name: 'before', look: 'thin', error: before.error },
          { name: `slope ${times(deferredSlope)}`, look: 'main', error: sloped },
          { name: `turning ${times(deferredTurning)}`, look: 'dashed', error: late },
        ]}
      />
    </section>
  );
}

interface CurvesProps {
  readonly title: string;
  readonly help: string;
  readonly floor: number;
  readonly curves: readonly DialCurve[];
}

function Curves({ title, help, floor, curves }: CurvesProps) {
  return <ReadFigure chart={dialCurves} title={title} help={help} scene={{ curves, floor, pointed: null }} />;
}

function Difference({ before, after }: { readonly before: DialRun; readonly after: DialRun }) {
  const { entries, differ, largest } = useMemo(() => differenceOf(before, after), [before, after]);
  return (
    <p aria-live="polite">
      <b>{count(differ)}</b> of {count(entries)} entries of <Sym of="ΔW" /> differ, over {count(STEPS + 1)} steps
      {differ > 0 && `, at most ${number(largest, 1)} apart`}.{' '}
      <span className="note">
        Last ΔW: {checksumOf(before)} before, {checksumOf(after)} after.
      </span>
    </p>
  );
}
