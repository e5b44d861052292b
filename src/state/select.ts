import { floorOfKnown, floorsOpen } from '../experiment/layer/floor.ts';
import { writeLink } from '../experiment/link/link.ts';
import { optimisers } from '../experiment/optimisers/index.ts';
import { curvature, derivedRate } from '../experiment/settings/rate.ts';
import { scalingOf } from '../experiment/settings/scaling.ts';
import { frameAt, type KeptFrame } from './frames.ts';
import { lastStep, type Run } from './run.ts';
import type { State } from './state.ts';

/** The learning rate that the page proposes for the settings on screen; null until the matrices are known. */
export function derivedOf(state: Pick<State, 'experiment' | 'run'>): number | null {
  const { experiment, run } = state;
  return run.ready && derivedRate(experiment, scalingOf(experiment), run.ready.facts);
}

/** The learning rate in force: the one that was set, else the derived one. */
export function rateOf(state: Pick<State, 'experiment' | 'run'>): number | null {
  return state.experiment.lr ?? derivedOf(state);
}

/** 2/q, the edge of stability, where the optimiser has one. */
export function edgeOf(state: State): number | null {
  const { experiment, run } = state;
  if (!run.ready || !optimisers.byName(experiment.opt).hasEdge) return null;
  return 2 / curvature(experiment, scalingOf(experiment), run.ready.facts);
}

/** The link of what is on screen, with its #. While new matrices are made a derived rate is not known and left out. */
export function linkOf(state: Pick<State, 'experiment' | 'run' | 'next'>): string {
  return writeLink(state.experiment, state.next ? null : rateOf(state));
}

/** The same without a drawing or matrix that would make it longer than `most`: for an address, or a line of a file. */
export function shortLinkOf(state: Pick<State, 'experiment' | 'run' | 'next'>, most: number): string {
  const link = linkOf(state);
  return link.length <= most ? link : linkOf({ ...state, experiment: { ...state.experiment, data: '' } });
}

/** The step on show: the newest, or the one looked back at. */
export function shownStep(state: State): number {
  const last = Math.max(0, lastStep(state.run));
  return state.look === null ? last : Math.min(state.look, last);
}

/** The factors on show: the newest kept frame at or before the step on show; the start before there is one. */
export function shownFrame(state: State): KeptFrame | null {
  const { run } = state;
  const frame = frameAt(run.frames, shownStep(state));
  if (frame) return frame;
  return run.ready && { step: 0, A: run.ready.A, B: run.ready.B, spectrum: null, alignment: null };
}

export interface Sampled {
  readonly steps: readonly number[];
  readonly spectra: readonly Float64Array[];
}

const sampledRuns = new WeakMap<readonly KeptFrame[], Sampled>();

/** The spectra that are known of a run, ascending in step: of its kept frames and, where it was recorded, its samples. */
export function sampledOf(run: Pick<Run, 'frames' | 'samples'>): Sampled {
  const known = sampledRuns.get(run.frames);
  if (known) return known;
  const all = new Map<number, Float64Array>(run.samples.map((s) => [s.step, s.spectrum]));
  for (const f of run.frames) if (f.spectrum) all.set(f.step, f.spectrum);
  const steps = [...all.keys()].sort((a, b) => a - b);
  const sampled = { steps, spectra: steps.map((step) => all.get(step) ?? new Float64Array(0)) };
  sampledRuns.set(run.frames, sampled);
  return sampled;
}

const zeros = new WeakMap<object, 'A' | 'B' | 'both' | null>();

/** Which factor is exactly zero at the start of the run; looked at once a run, since a factor may hold a million entries. */
export function zeroAtStart({ ready }: Run): 'A' | 'B' | 'both' | null {
  if (!ready) return null;
  const known = zeros.get(ready);
  if (known !== undefined) return known;
  const zero = (norm: number, values: Float32Array) => norm === 0 && values.every((v) => v === 0);
  const [a, b] = [zero(ready.facts.a, ready.A), zero(ready.facts.b, ready.B)];
  const found = a && b ? 'both' : a ? 'A' : b ? 'B' : null;
  zeros.set(ready, found);
  return found;
}

/** By rank, relative to ‖ΔW*‖. */
export interface Floors {
  /** Eckart–Young, as far as it is known. */
  readonly floor: Float64Array;
  /** By how much each may lie too high; null where all singular values of ΔW* are known. */
  readonly open: Float64Array | null;
}

const floors = new WeakMap<Float64Array, Floors>();

/** The floors of the run's ΔW*; made once a target. */
export function floorsOf(run: Run): Floors | null {
  if (!run.ready) return null;
  const { targetSpectrum: values, targetKnown, targetNorm } = run.ready;
  const spectrum = { values, ...targetKnown };
  const known = floors.get(values) ?? {
    floor: floorOfKnown(spectrum, targetNorm),
    open: floorsOpen(spectrum, targetNorm),
  };
  floors.set(values, known);
  return known;
}

/** The least relative error within reach of a run. */
export interface Reach {
  /** Null where it is not known. */
  readonly floor: number | null;
  /** By how much it may lie too high. */
  readonly open: number;
  /** The rank that decides: r, or 2r where a start has moved s₀·B₀·A₀ out of W₀; null where a frozen factor does. */
  readonly rank: number | null;
}

/** Null before the matrices exist. */
export function reachOf(run: Run): Reach | null {
  const { ready } = run;
  if (!ready) return null;
  const rank = ready.frozenFactor ? null : Math.min(ready.moved ? 2 * ready.rank : ready.rank, ready.d, ready.k);
  const known = rank === null ? null : floorsOf(run);
  const at = rank ?? 0;
  return { floor: ready.floorAtRank ?? known?.floor[at] ?? null, open: known?.open?.[at] ?? 0, rank };
}

/** Estimated seconds at full speed for the whole budget. */
export function estimatedSeconds(state: State): number {
  return state.run.secondsPerStep * state.experiment.steps;
}

/** s in force. */
export function scalingNow(state: Pick<State, 'experiment'>): number {
  return scalingOf(state.experiment);
}

/** True where settings were changed while the run went on: then the link starts with what the run ended with. */
export function changedWhileRunning(run: Run): boolean {
  return run.changes.length > 0;
}
