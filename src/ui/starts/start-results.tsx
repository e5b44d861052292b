import type { ReactNode } from 'react';
import { type InitName, inits } from '../../experiment/inits/index.ts';
import { isAtFloor } from '../../experiment/layer/floor.ts';
import { number } from '../../experiment/numbers.ts';
import { errorAtEnd } from '../../experiment/run-file/run-record.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Pinned, Starts } from '../../state/compare/compare.ts';
import { MOST_PINS } from '../../state/compare/pins.ts';
import { lastStep } from '../../state/run/run.ts';
import { floorsOf } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { useBuilt, useDispatch, useShown } from '../page.tsx';
import { apart } from '../words/run-names.ts';

/** What was found of an initialisation with the settings on screen; null: not trained, or with other settings. */
function foundOf({ compare: { starts }, experiment }: State, name: InitName) {
  if (!starts || !fits(starts, experiment)) return null;
  return starts.found.get(name) ?? null;
}

/** Whether what was found is of the settings on screen. */
export const fits = ({ of }: Starts, e: Experiment) =>
  apart(of, { ...e, lr: null, auto: '' }).every((key) => key === 'init' || key === 'sigma');

/** The pin with the settings on screen and this initialisation. */
export function pinOf({ compare, experiment }: State, name: InitName): Pinned | null {
  const { pins } = compare;
  return (
    pins.find((pin) => pin.experiment.init === name && apart(pin.experiment, own(experiment, name)).length === 0) ??
    null
  );
}

/** The settings on screen with another initialisation, at its automatic rate. */
const own = (e: Experiment, init: InitName): Experiment => change({ ...e, lr: null, auto: '' }, { init });

/** What an initialisation has come to, and its tick. */
export function Results({ name, chosen }: { readonly name: InitName; readonly chosen: boolean }) {
  const found = useShown((s) => foundOf(s, name));
  const training = useShown((s) => s.compare.starts?.doing === 'training');
  const ofTarget = useShown((s) => floorsOf(s)?.floor[s.experiment.rank] ?? null);
  if (found && 'why' in found)
    return (
      <td colSpan={4} className="why">
        {found.why}
      </td>
    );
  const run = found;
  const error = run && errorAtEnd(run);
  const floor = run?.reach?.floor ?? null;
  const other = floor !== null && ofTarget !== null && !isAtFloor(Math.max(floor, ofTarget), Math.min(floor, ofTarget));
  return (
    <>
      <td className="course">
        {run && <Course list={run.trace.series.relativeError} last={lastStep(run)} floor={ofTarget} />}
      </td>
      <td className="n">
        {run?.status === 'diverged' ? (
          <span className="bad-word">▲ diverged</span>
        ) : (
          <b>{error === null ? (training ? '…' : '–') : number(error)}</b>
        )}
      </td>
      <td className={other ? 'n own other' : 'n own'}>{floor === null ? '' : number(floor)}</td>
      <td>{chosen ? <span className="note">this run</span> : <Tick name={name} />}</td>
    </>
  );
}

/** The tick that pins an initialisation beside the run on screen. */
function Tick({ name }: { readonly name: InitName }) {
  const { pin, full, found } = useBuilt((s) => ({
    pin: pinOf(s, name),
    full: s.compare.pins.length >= MOST_PINS,
    found: foundOf(s, name),
  }));
  const experiment = useShown((s) => s.experiment);
  const dispatch = useDispatch();
  const toggle = () => {
    if (pin) return dispatch({ type: 'compare', does: 'unpin', pin: pin.id });
    const known = found && !('why' in found) ? { run: found } : {};
    dispatch({ type: 'compare', does: 'add', pins: [{ own: null, experiment: own(experiment, name), ...known }] });
  };
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={pin !== null}
        disabled={pin === null && full}
        aria-label={`Pin ${inits.byName(name).label}`}
        onChange={toggle}
      />{' '}
      {pin ? 'pinned' : 'pin'}
    </label>
  );
}

/** px of a small curve. */
const [WIDE, HIGH] = [120, 24];
const POINTS = 60;

interface CourseProps {
  readonly list: ArrayLike<number> | undefined;
  readonly last: number;
  readonly floor: number | null;
}

/** The error over the steps of a run, from 1 down to 0, and the floor of ΔW*. */
function Course({ list, last, floor }: CourseProps): ReactNode {
  if (!list) return null;
  const y = (v: number) => HIGH - 2 - Math.max(0, Math.min(1, Number.isFinite(v) ? v : 1)) * (HIGH - 4);
  const length = Math.min(POINTS, last + 1);
  const points = Array.from({ length }, (_, i) => {
    const step = Math.round((i * last) / Math.max(1, length - 1));
    return `${(1 + (step * (WIDE - 5)) / Math.max(1, last)).toFixed(1)},${y(list[step]).toFixed(1)}`;
  });
  return (
    <svg className="curve" viewBox={`0 0 ${WIDE} ${HIGH}`} aria-hidden="true">
      {floor !== null && <path className="floor" d={`M0 ${y(floor)}H${WIDE - 3}`} />}
      <path d={`M${points.join('L')}`} />
      <circle cx={WIDE - 4} cy={y(list[last])} r="2" />
    </svg>
  );
}
