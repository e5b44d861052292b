import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { parseLink } from '../../experiment/link/link.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

/** The end of a run, for a claim. Matrices row by row. */
export interface TrainedRun {
  readonly experiment: Experiment;
  readonly error: number;
  /** The least error at each rank from 0 on. */
  readonly floor: ArrayLike<number>;
  readonly W0: ArrayLike<number>;
  /** A and B at step 0, and at the end. */
  readonly start: { readonly A: ArrayLike<number>; readonly B: ArrayLike<number> };
  readonly end: { readonly A: ArrayLike<number>; readonly B: ArrayLike<number> };
}

/** Trains the experiment of a link to its end, as the page would; `changes` override the link's settings. */
export async function trainLink(link: string, changes: Partial<Experiment> = {}): Promise<TrainedRun> {
  const experiment = { ...parseLink(link).experiment, ...changes };
  const observe = [0, experiment.steps];
  const { problem, summary, observed } = await trainInBackground(experiment, {
    backends: [typescriptBackend],
    observe,
  });
  const [{ wanted, base }] = problem.modules;
  return {
    experiment,
    error: summary.relativeError ?? Number.NaN,
    floor: floorOf(wanted.spectrum.values),
    W0: base.data,
    start: observed[0].factors[0],
    end: observed[observed.length - 1].factors[0],
  };
}
