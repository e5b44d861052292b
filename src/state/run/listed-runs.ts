import { errorAtEnd, settingsAt } from '../../experiment/run-file/run-record.ts';
import { diffKeys, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { ListedRun } from '../compare/compare.ts';
import type { State } from '../state.ts';
import type { RepeatedRuns } from '../sweep/sweep.ts';
import { bytesOf, compactRun, MOST_BYTES } from './compact-run.ts';
import { isComplete, lastStep, type Run, type RunEnd } from './run.ts';

// The runs of this session: those that are listed, and where those that are complete have ended.

/** Which ΔW* a run learns: two that agree in this are the same. Null before there is one. */
export function targetOf(run: Run): string | null {
  const keys = run.ready?.modules.map(({ d, k, wanted }) =>
    wanted ? [d, k, wanted.norm, ...wanted.spectrum.subarray(0, 4)].join(' ') : null,
  );
  return !keys || keys.includes(null) ? null : keys.join(' ');
}

/** The oldest that are not pinned go first. */
const MOST = 100;
/** Points of a small curve. */
const POINTS = 48;

/** The run on screen has come to a stop: it is listed, and if it is complete, its end is kept. */
export function stands(state: State): State {
  const { status } = state.run;
  return status === 'training' || status === 'preparing' ? state : listed(withEnd(state));
}

/** A drag is over: what stands on screen stays in the list. */
export function settled(state: State): State {
  if (state.group === null) return state;
  const { compare, run } = state;
  const on = compare.listed.find(({ origin, passing }) => passing && origin === run.origin);
  const all = on && !state.next ? compare.listed.map((one) => (one === on ? { ...on, passing: false } : one)) : null;
  return { ...state, group: null, compare: all ? { ...compare, listed: all } : compare };
}

/** With the end of the run on screen, if that is complete. */
function withEnd(state: State): State {
  const { run, ended } = state;
  const error = errorAtEnd(run);
  const target = targetOf(run);
  if (!isComplete(run) || target === null || error === null || !Number.isFinite(error)) return state;
  const rank = Math.max(...run.modules.map((module) => module.rank));
  const now: RunEnd = { number: run.number, rank, error, target };
  const known = ended.find((one) => one.number === now.number);
  if (known && known.error === error) return state;
  const others = ended.filter(
    (one) => one.number !== now.number && !(one.rank === rank && one.error === error && one.target === target),
  );
  return { ...state, ended: [...others, now].slice(-MOST) };
}

/** The other runs of this lab that have learned the same ΔW*. */
export function otherRunEnds({ run, ended }: Pick<State, 'run' | 'ended'>): readonly RunEnd[] {
  const target = targetOf(run);
  return ended.filter((one) => one.target === target && one.number !== run.number);
}

/** With the run on screen in the list, as it stands. */
export function listed(lab: State): State {
  const { run, next, experiment } = lab;
  if (lastStep(run) <= 0) return lab;
  const all = lab.compare.listed;
  const known = all.find(({ origin }) => origin === run.origin);
  const status = run.status === 'preparing' ? (next?.before ?? 'paused') : run.status;
  const kept = compactRun(run, status);
  const steps = lastStep(run);
  if (known && known.steps === steps && known.status === kept.status) return lab;
  // A run that was passed while a control is dragged makes room for the next one.
  const others = all.filter((one) => one !== known && !(one.passing && one.origin !== run.origin));
  const last = others.at(-1);
  const now: ListedRun = {
    place: known?.place ?? Math.max(0, ...others.map(({ place }) => place)) + 1,
    origin: run.origin,
    experiment: next ? settingsAtEnd(run) : withAutoRate(experiment),
    before: known ? known.before : (last?.experiment ?? null),
    run: kept,
    ...{ status: kept.status, steps, error: errorAtEnd(kept), floor: kept.reach?.floor ?? known?.floor ?? null },
    curve: curveOf(run),
    passing: lab.group !== null && known?.passing !== false,
  };
  const placed = [...others, now].sort((a, b) => a.place - b.place);
  return { ...lab, compare: { ...lab.compare, listed: within(placed, lab) } };
}

/** The settings of a run with what was changed while it went on, and with the steps that were added to it. */
function settingsAtEnd(run: Run): Experiment {
  // A rate that is automatic follows what was changed.
  const lr = withAutoRate(run.experiment).lr === null ? { lr: null, auto: '' } : {};
  return { ...settingsAt(run), ...lr, steps: run.experiment.steps + run.more };
}

function curveOf({ trace }: Run): number[] {
  const list = trace.series.relativeError ?? trace.series.loss;
  const last = trace.length - 1;
  const points = Math.min(POINTS, trace.length);
  return Array.from({ length: points }, (_, i) => list[Math.round((i * last) / Math.max(1, points - 1))]);
}

/** At most so many, and no more of their runs than memory is given to. */
function within(all: readonly ListedRun[], { compare }: State): readonly ListedRun[] {
  const pinned = new Set(compare.pins.map(({ run }) => run?.origin));
  const extra = all.length - MOST;
  const gone = new Set(all.filter(({ origin }) => !pinned.has(origin)).slice(0, Math.max(0, extra)));
  let bytes = 0;
  return all
    .filter((one) => !gone.has(one))
    .reverse()
    .map((one) => {
      bytes += one.run ? bytesOf(one.run) : 0;
      return bytes > MOST_BYTES && one.run ? { ...one, run: null } : one;
    })
    .reverse();
}

const same = (a: Experiment, b: Experiment) => a === b || diffKeys(withAutoRate(a), withAutoRate(b)).length === 0;

/** The experiment of the run on screen over several seeds; null where nobody asked, or it is another one now. */
export function shownRepeats({ sweep: { repeated }, run, next }: State): RepeatedRuns | null {
  if (!repeated || next || run.changes.length > 0) return null;
  return same(repeated.experiment, run.experiment) ? repeated : null;
}

const none: readonly RunEnd[] = [];

/** Where the runs of the last sweep over ranks have ended that learned the ΔW* of the run on screen. */
export function shownSweepEnds({ sweep: { ends }, run }: State): readonly RunEnd[] {
  return ends.length > 0 && ends[0]?.target === targetOf(run) ? ends : none;
}
