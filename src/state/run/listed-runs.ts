import { methods } from '../../experiment/methods/index.ts';
import { errorAtEnd, settingsAt } from '../../experiment/run-file/run-record.ts';
import { besideLora } from '../../experiment/settings/bounds.ts';
import { adapterOf, countsOf, placeAmongRanks } from '../../experiment/settings/counts.ts';
import { autoOf, diffKeys, hasAutoAlpha, isAutomatic, withAutoRate } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { ListedRun } from '../compare/compare.ts';
import type { State } from '../state.ts';
import type { RepeatedRuns } from '../sweep/sweep.ts';
import { bytesOf, compactRun, MOST_BYTES } from './compact-run.ts';
import { highestRank, isComplete, lastStep, type Run, type RunEnd } from './run.ts';

/** A method beside LoRA, as a run trains it. */
interface MethodOfRun {
  readonly label: string;
  readonly streams: { readonly A: string | null; readonly B: string };
  readonly trained: number;
  /** The rank at which LoRA trains as many numbers. */
  readonly place: number;
}

/** The method of a run, whose sizes are those of its modules once they are there; null for LoRA. */
export function methodOfRun({ ready }: Pick<Run, 'ready'>, e: Experiment): MethodOfRun | null {
  const beside = besideLora(e);
  if (!beside) return null;
  const { label, streams } = methods.byName(beside);
  if (!ready?.network)
    return { label, streams, trained: countsOf(adapterOf(e)).trained, place: placeAmongRanks(e) ?? 1 };
  const { modules } = ready;
  const shapes = modules.flatMap((module) => module.method?.shapes ?? []);
  const trained = shapes.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  return { label, streams, trained, place: trained / modules.reduce((sum, { d, k }) => sum + d + k, 0) };
}

// The runs of this session: the list, and the ends of the complete ones.

/** Identifies the ΔW* of a run. Null before it exists. */
export function targetOf(run: Run): string | null {
  const keys = run.ready?.modules.map(({ d, k, wanted }) =>
    wanted ? [d, k, wanted.norm, ...wanted.spectrum.subarray(0, 4)].join(' ') : null,
  );
  return !keys || keys.includes(null) ? null : keys.join(' ');
}

/** Longest list: the oldest that are not pinned go first. */
const MOST = 100;
const POINTS = 48;

/** The run on screen has stopped: list it and, if complete, keep its end. */
export function stands(state: State): State {
  const { status } = state.run;
  return status === 'training' || status === 'preparing' ? state : listed(withEnd(state));
}

export function settled(state: State): State {
  if (state.group === null) return state;
  const { compare, run } = state;
  const on = compare.listed.find(({ origin, passing }) => passing && origin === run.origin);
  const all = on && !state.next ? compare.listed.map((one) => (one === on ? { ...on, passing: false } : one)) : null;
  return { ...state, group: null, compare: all ? { ...compare, listed: all } : compare };
}

function withEnd(state: State): State {
  const { run, ended } = state;
  const error = errorAtEnd(run);
  const target = targetOf(run);
  if (!isComplete(run) || target === null || error === null || !Number.isFinite(error)) return state;
  const rank = highestRank(run.modules);
  const method = methodOfRun(run, run.experiment);
  const now: RunEnd = { number: run.number, rank, error, target, ...(method && { method }) };
  const known = ended.find((one) => one.number === now.number);
  if (known && known.error === error) return state;
  const others = ended.filter(
    (one) =>
      one.number !== now.number &&
      !(one.rank === rank && one.error === error && one.target === target && one.method?.label === method?.label),
  );
  return { ...state, ended: [...others, now].slice(-MOST) };
}

export function otherRunEnds({ run, ended }: Pick<State, 'run' | 'ended'>): readonly RunEnd[] {
  const target = targetOf(run);
  return ended.filter((one) => one.target === target && one.number !== run.number);
}

export function listed(lab: State): State {
  const { run, next, experiment } = lab;
  if (lastStep(run) <= 0) return lab;
  const all = lab.compare.listed;
  const known = all.find(({ origin }) => origin === run.origin);
  const status = run.status === 'preparing' ? (next?.before ?? 'paused') : run.status;
  const kept = compactRun(run, status);
  const steps = lastStep(run);
  if (known && known.steps === steps && known.status === kept.status) return lab;
  // During a drag, each run replaces the previous one of the drag.
  const others = all.filter((one) => one !== known && !(one.passing && one.origin !== run.origin));
  const last = others.at(-1);
  const now: ListedRun = {
    place: known?.place ?? Math.max(0, ...others.map(({ place }) => place)) + 1,
    origin: run.origin,
    experiment: next ? settingsAtEnd(run) : withAutoRate(experiment),
    before: known ? known.before : (last?.experiment ?? null),
    run: kept,
    ...{ status: kept.status, steps, error: errorAtEnd(kept), floor: kept.reach?.floor ?? known?.floor ?? null },
    accuracy: run.losses.accuracy?.at(-1) ?? null,
    curve: curveOf(run),
    passing: lab.group !== null && known?.passing !== false,
  };
  const placed = [...others, now].sort((a, b) => a.place - b.place);
  return { ...lab, compare: { ...lab.compare, listed: within(placed, lab) } };
}

/** The settings of a run with the changes made while it ran, and with its added steps. */
function settingsAtEnd(run: Run): Experiment {
  // An automatic rate follows those changes.
  const at = settingsAt(run);
  const lr = isAutomatic(run.experiment) ? { lr: null, auto: autoOf(false, hasAutoAlpha(at)) } : {};
  return { ...at, ...lr, steps: run.experiment.steps + run.more };
}

function curveOf({ trace }: Run): number[] {
  const list = trace.series.relativeError ?? trace.series.loss;
  const last = trace.length - 1;
  const points = Math.min(POINTS, trace.length);
  return Array.from({ length: points }, (_, i) => list[Math.round((i * last) / Math.max(1, points - 1))]);
}

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

/** The experiment of the run on screen over several seeds; null if not requested, or for another experiment. */
export function shownRepeats({ sweep: { repeated }, run, next }: State): RepeatedRuns | null {
  if (!repeated || next || run.changes.length > 0) return null;
  return same(repeated.experiment, run.experiment) ? repeated : null;
}

const none: readonly RunEnd[] = [];

/** The ends of the last sweep over ranks whose ΔW* is that of the run on screen. */
export function shownSweepEnds({ sweep: { ends }, run }: State): readonly RunEnd[] {
  return ends.length > 0 && ends[0]?.target === targetOf(run) ? ends : none;
}
