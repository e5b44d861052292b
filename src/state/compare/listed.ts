import { following } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { bytesOf, keptAs, MOST_BYTES } from '../run/past.ts';
import { lastStep, type Run } from '../run/run.ts';
import { reachOf } from '../select.ts';
import type { State } from '../state.ts';
import type { Listed } from './compare.ts';

/** The oldest that are not pinned go first. */
const MOST = 100;
/** Points of a small curve. */
const POINTS = 48;

/** A lab after an event: a run that has come to a stop, or was replaced, is listed among those of this session. */
export function withListed(before: State, after: State): State {
  const { run } = after;
  if (run === before.run) return after.group === null && before.group !== null ? settled(after) : after;
  const replaced = run.origin !== before.run.origin;
  const old = replaced ? listed(after, before) : after;
  const stops = run.status !== 'training' && run.status !== 'preparing';
  return stops && (replaced || run.status !== before.run.status) ? listed(old, after) : old;
}

/** With the run that is on screen in a state in its list. */
function listed(lab: State, { run, next, experiment }: State): State {
  if (lastStep(run) <= 0) return lab;
  const all = lab.compare.listed;
  const known = all.find(({ origin }) => origin === run.origin);
  const status = run.status === 'preparing' ? (next?.before ?? 'paused') : run.status;
  const kept = keptAs(run, status);
  const steps = lastStep(run);
  if (known && known.steps === steps && known.status === kept.status) return lab;
  // A run that was passed while a control is dragged makes room for the next one.
  const others = all.filter((one) => one !== known && !(one.passing && one.origin !== run.origin));
  const last = others.at(-1);
  const { floor, open } = reachOf(run) ?? { floor: known?.floor ?? null, open: known?.open ?? 0 };
  const now: Listed = {
    place: known?.place ?? Math.max(0, ...others.map(({ place }) => place)) + 1,
    origin: run.origin,
    experiment: next ? settingsAtEnd(run) : following(experiment),
    before: known ? known.before : (last?.experiment ?? null),
    run: kept,
    status: kept.status,
    steps,
    error: run.trace.series.relativeError?.[steps] ?? null,
    ...{ floor, open },
    curve: curveOf(run),
    passing: lab.group !== null && known?.passing !== false,
  };
  const placed = [...others, now].sort((a, b) => a.place - b.place);
  return { ...lab, compare: { ...lab.compare, listed: within(placed, lab) } };
}

/** A drag is over: what stands on screen stays in the list. */
function settled(state: State): State {
  const { compare, run } = state;
  const on = compare.listed.find(({ origin, passing }) => passing && origin === run.origin);
  if (!on || state.next) return state;
  const all = compare.listed.map((one) => (one === on ? { ...on, passing: false } : one));
  return { ...state, compare: { ...compare, listed: all } };
}

/** The settings of a run with what was changed while it went on, and with the steps that were added to it. */
function settingsAtEnd({ experiment, changes, more }: Run): Experiment {
  const changed = Object.fromEntries(changes.map(({ key, value }) => [key, value]));
  // A rate that is automatic follows what was changed.
  const lr = following(experiment).lr === null ? { lr: null, auto: '' } : {};
  return { ...experiment, ...changed, ...lr, steps: experiment.steps + more };
}

function curveOf({ trace }: Run): number[] {
  const list = trace.series.relativeError ?? trace.series.loss;
  const last = trace.length - 1;
  const points = Math.min(POINTS, trace.length);
  return Array.from({ length: points }, (_, i) => list[Math.round((i * last) / Math.max(1, points - 1))]);
}

/** At most so many, and no more of their runs than memory is given to. */
function within(all: readonly Listed[], { compare }: State): readonly Listed[] {
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
