/** Share my owl: the target on screen trained at a few ranks, kept only while its panel is open. */

import type { BackgroundRunModule } from '../../engine/protocol/background-messages.ts';
import { MAX_SHARED } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { defaultView } from '../../experiment/settings/view.ts';
import { linkOf } from '../select.ts';
import type { State } from '../state.ts';
import type { OwlRun } from '../view.ts';

const OWL_RANKS: readonly number[] = [1, 2, 4, 8];

/** The settings on screen at each rank, with s as it is: α follows the rank, and an automatic rate follows both. */
export function owlExperiments(e: Experiment): readonly Experiment[] {
  const alpha = (rank: number) => {
    const share = rank / e.rank;
    return e.alpha * (e.scaling === 'standard' ? share : e.scaling === 'rslora' ? Math.sqrt(share) : 1);
  };
  const fitting = OWL_RANKS.filter((rank) => rank <= Math.min(e.d, e.k));
  return fitting.map((rank) => change(e, { rank, alpha: alpha(rank) }));
}

/** Pictures per second, and of each run at most how many in how many seconds. */
export const OWL_FILM = { perSecond: 20, snapshots: 24, secondsPerRank: 1.5 } as const;

/** Steps at which a run is photographed besides its last: denser at the beginning, where most changes. */
export function snapshotSteps(budget: number): readonly number[] {
  const last = OWL_FILM.snapshots - 1;
  const steps = Array.from({ length: last }, (_, i) => Math.round(budget * (i / last) ** 2));
  return [...new Set(steps)].filter((step) => step < budget);
}

export interface OwlSnapshot {
  readonly rank: number;
  readonly step: number;
  /** ‖ΔW − ΔW*‖/‖ΔW*‖. */
  readonly error: number;
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly module: BackgroundRunModule;
}

/** What a run has trained, from its start to its end; empty while it trains and if it failed. */
export function snapshotsOf({ experiment, result }: OwlRun): readonly OwlSnapshot[] {
  if (!result || 'why' in result) return [];
  const { kept, observed, points } = result;
  return kept.flatMap((module) =>
    (module.snapshots ?? []).map((factors, i) => {
      const { step } = observed[i];
      const error = points.series.relativeError?.[step] ?? Number.NaN;
      return { rank: experiment.rank, step, error, ...factors, module };
    }),
  );
}

/** Every snapshot of every run, one rank after another, with its time in ms: the last of a run has the rest of its time. */
export function filmShots(owl: readonly OwlRun[]): readonly { readonly shot: OwlSnapshot; readonly ms: number }[] {
  const each = 1000 / OWL_FILM.perSecond;
  return owl.map(snapshotsOf).flatMap((shots) => {
    const rest = 1000 * OWL_FILM.secondsPerRank - (shots.length - 1) * each;
    return shots.map((shot, i) => ({ shot, ms: i === shots.length - 1 ? rest : each }));
  });
}

/** The last snapshots of all runs, if all were trained; else null. */
export function trainedOwls(owl: State['owl']): readonly OwlSnapshot[] | null {
  const last = owl?.flatMap((run) => snapshotsOf(run).slice(-1)) ?? [];
  return last.length > 0 && last.length === owl?.length ? last : null;
}

/** "61% of the drawing missing": the relative error in whole per cent, and never 0% of what is not exact. */
export function missingWords(error: number): string {
  if (!Number.isFinite(error)) return 'the run diverged';
  if (error >= 1.005) return 'further off than untrained';
  const share = error > 0 && error < 0.005 ? 'under 1' : Math.round(100 * error);
  return `${share}% of the drawing missing`;
}

/** Numbers in A and B. */
export const numbersIn = ({ d, k, rank }: Pick<BackgroundRunModule, 'd' | 'k' | 'rank'>): number => rank * (d + k);

/** Opens the owl on screen in the first visit, trained to its end; null if the drawing is too large for a link. */
export function owlLinkOf(state: State): string | null {
  const link = linkOf({ ...state, view: { ...defaultView(), view: 'first', done: true } });
  return link.length > MAX_SHARED ? null : link;
}
