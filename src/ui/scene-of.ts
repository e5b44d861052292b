import type { Curves, Hover, OtherRun, OwnFloor, Samples, Scene } from '../charts/scene.ts';
import { inits } from '../experiment/inits/index.ts';
import { shortName } from '../experiment/inits/initialisation.ts';
import { count, counted, shown } from '../experiment/numbers.ts';
import { optimisers } from '../experiment/optimisers.ts';
import { adapterOf } from '../experiment/settings/counts.ts';
import { differing } from '../experiment/settings/experiment.ts';
import type { Experiment, ParamKey } from '../experiment/settings/params.ts';
import { scalingOf } from '../experiment/settings/scaling.ts';
import { endedBeside } from '../state/run/ended.ts';
import { lastStep, type ReadyWanted, type Run, SHOWN, shownModule } from '../state/run/run.ts';
import type { Trace } from '../state/run/trace.ts';
import { decidesOf, type Floors, floorsOf, sampledOf, scalingNow, shownStep, zeroAtStart } from '../state/select.ts';
import type { State } from '../state/state.ts';
import { same } from './page.tsx';

/** s at the step on show: what is set now, or for an earlier step what was in force then. */
export function scalingShown(state: State): number {
  const { run, next, look } = state;
  const step = shownStep(state);
  // While new matrices are made, the settings on screen are not those of the run on screen.
  if (!next && (look === null || step >= lastStep(run))) return scalingNow(state);
  return scalingAt(run, step);
}

/** s after the changes that were made up to a step. */
export function scalingAt({ experiment, changes }: Run, step: number): number {
  const settings = { ...experiment };
  for (const { step: at, key, value } of changes) if (at <= step) Object.assign(settings, { [key]: value });
  return scalingOf(settings);
}

/** The step axis ends at the budget, or where a run went past it: steps that were added to that count once they are made. */
export function budgetShown({ run, next, experiment }: State): number {
  const steps = next && run.ready ? run.experiment.steps : experiment.steps - run.more;
  return Math.max(steps, lastStep(run));
}

/** The sentence in the place of the charts where there is no run to draw. */
function emptyWords({ run }: State): string | null {
  if (run.ready) return null;
  if (run.status === 'preparing') return 'Making the matrices …';
  return run.refused ? 'These settings give no matrices.' : 'No matrices yet. Press Train to make them.';
}

/** Spectra are sampled: the newest at or before the step on show. */
function spectrumShown({ run }: State, step: number): Float64Array | null {
  const { steps, spectra } = sampledOf(run);
  return spectra[steps.findLastIndex((at) => at <= step)] ?? null;
}

function alignmentShown({ run }: State, step: number) {
  const frame = run.frames.findLast(({ step: at, modules }) => at <= step && modules[SHOWN].alignment);
  return frame?.modules[SHOWN].alignment ?? null;
}

/** Of the module on show; before it exists those that are asked for. */
function sizesOf({ run, experiment }: State): Pick<Scene, 'rank' | 'd' | 'k' | 'frozenFactor'> {
  const { rank, d, k } = shownModule(run) ?? experiment;
  return { rank, d, k, frozenFactor: (shownModule(run) ?? adapterOf(experiment)).frozenFactor ?? null };
}

/** The curves of a run, with the norms of the module on show. */
function curvesOf({ length, series, modules }: Trace): Curves {
  return { length, ...modules[SHOWN], loss: series.loss, relativeError: series.relativeError ?? [] };
}

const parts = (state: State, axis: Hover['axis']) => ({
  status: state.run.status,
  ready: state.run.ready,
  trace: state.run.trace,
  losses: state.run.losses,
  frames: state.run.frames,
  samples: state.run.samples,
  ...sizesOf(state),
  scaling: scalingShown(state),
  budget: budgetShown(state),
  step: shownStep(state),
  definition: state.definition,
  ghost: state.ghost,
  ended: state.ended,
  hover: state.hover?.axis === axis ? state.hover : null,
  empty: emptyWords(state),
});

function targetOf({ spectrum, known, norm }: ReadyWanted, { floor, open }: Floors): Scene['target'] {
  const { how, error } = known;
  return { values: spectrum, how, error, norm, floor, ...(open && { open }) };
}

/** What the samples of a regression target add; null for another one. */
function samplesOf({ ready, experiment, losses }: Run): Samples | null {
  if (!ready?.samples) return null;
  const { training, heldOut, floors } = ready.samples;
  const known = (floor: number) => (Number.isNaN(floor) ? null : floor);
  return {
    count: training.count,
    heldOut: heldOut.count,
    batch: ready.modules[SHOWN].facts.inputs?.batch ?? training.count,
    condition: experiment.condition,
    noise: experiment.labelnoise,
    losses,
    floors: { training: known(floors.training), heldOut: known(floors.heldOut) },
  };
}

function ownFloorOf(run: Run): OwnFloor {
  const module = shownModule(run);
  const value = module?.wanted?.floorAtRank ?? null;
  if (module?.frozenFactor) return { value, by: 'frozen' };
  if (!module?.moved) return { value, by: 'rank' };
  return { value, by: 'moved', of: decidesOf(run) ?? undefined, open: module.moved.reach?.open ?? 0 };
}

/** The run that a restart has replaced, named by what it had another value of; none where it is the same run again. */
function before({ ghost, run }: State): OtherRun[] {
  if (!ghost) return [];
  const { experiment, changes, losses } = ghost;
  const keys = differing(experiment, run.experiment);
  if (keys.length === 0 && changes.length === 0) return [];
  const other = keys.map((key) => OTHERS[key]?.(experiment)).find((words) => words !== undefined);
  return [
    {
      name: other === undefined ? 'previous' : `previous, ${other}`,
      rank: experiment.rank,
      curves: curvesOf(ghost.trace),
      sampled: sampledOf(ghost),
      losses: losses.steps.length > 0 ? losses : null,
      pale: true,
    },
  ];
}

/** A setting in few words, for the name of a run that has another value of it; the first of the table that differs counts. */
const OTHERS: { readonly [key in ParamKey]?: (e: Experiment) => string | undefined } = {
  rank: ({ rank }) => `r = ${count(rank)}`,
  alpha: ({ alpha }) => `α = ${shown(alpha)}`,
  scaling: ({ scaling }) => `s = ${{ standard: 'α/r', rslora: 'α/√r', none: '1' }[scaling]}`,
  init: ({ init }) => shortName(inits.byName(init)),
  opt: ({ opt }) => optimisers.byName(opt).label,
  lr: ({ lr }) => (lr === null ? undefined : `rate ${shown(lr)}`),
  ratio: ({ ratio }) => `λ = ${shown(ratio)}`,
  seed: ({ seed }) => `seed ${seed}`,
  steps: ({ steps }) => counted(steps, 'step'),
};

function build(state: State, axis: Hover['axis']): Scene {
  const { run } = state;
  const { ready: _, trace, losses: __, frames: ___, samples: ____, ghost: _____, ...rest } = parts(state, axis);
  const [floors, wanted] = [floorsOf(run), shownModule(run)?.wanted];
  return {
    ...rest,
    lookingBack: rest.step < lastStep(run),
    curves: curvesOf(trace),
    sampled: sampledOf(run),
    spectrum: spectrumShown(state, rest.step),
    alignment: alignmentShown(state, rest.step),
    target: wanted && floors ? targetOf(wanted, floors) : null,
    ownFloor: ownFloorOf(run),
    samples: samplesOf(run),
    zeroAtStart: zeroAtStart(run),
    others: before(state),
    ended: endedBeside(state),
  };
}

interface Made {
  readonly parts: ReturnType<typeof parts>;
  readonly scene: Scene;
}

/** By the trace of a run, which is another one at every frame: labs side by side each keep their own. */
const made = { rank: new WeakMap<Run['trace'], Made>(), step: new WeakMap<Run['trace'], Made>() };

/**
 * What the charts of a column may draw; the cursor of the other column is left out. The same scene comes back as long as
 * nothing that it shows has changed, so a chart is drawn again only then.
 */
export function sceneOf(state: State, axis: Hover['axis']): Scene {
  const now = parts(state, axis);
  const known = made[axis].get(state.run.trace);
  if (known && same(known.parts, now)) return known.scene;
  const scene = build(state, axis);
  made[axis].set(state.run.trace, { parts: now, scene });
  return scene;
}
