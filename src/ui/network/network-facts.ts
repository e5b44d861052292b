import type { NetworkFacts } from '../../charts/chart.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import { bestAt, pathLines, pathsOf, RING_RANKS, rankOf } from '../../state/run/path-runs.ts';
import type { Run } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';
import { provideNetworkFacts } from '../lab-scene.ts';

/** Parameters that a rank trains in all adapted matrices, over those of full fine-tuning. */
function trainedShare(modules: Run['modules'], rank: number | null): number {
  const counts = modules.map(({ d, k }) => ({ full: d * k, adapter: Math.min(rank ?? d, d, k) * (d + k) }));
  const full = counts.reduce((sum, one) => sum + one.full, 0);
  return rank === null ? 1 : counts.reduce((sum, one) => sum + one.adapter, 0) / full;
}

function networkOf(state: State): NetworkFacts | null {
  const { ready, experiment, losses, full, modules } = state.run;
  if (!ready?.network) return null;
  const { heldOut, old } = ready.network;
  const words = TASK_WORDS[experiment.adapt];
  const [paths, rank] = [pathsOf(state), rankOf(experiment)];
  const ranks = [...new Set([...RING_RANKS, ...(rank === null ? [] : [rank])])].sort((a, b) => a - b);
  return {
    losses,
    reference: full?.record.losses ?? null,
    newName: words.new,
    oldName: words.old,
    heldOut: heldOut.answers.length,
    old: old.answers.length,
    rank,
    trained: trainedShare(modules, rank),
    paths: pathLines(paths),
    ranks: ranks.map((rank) => ({
      rank,
      trained: trainedShare(modules, rank),
      best: bestAt(paths, rank),
      cut: full?.cuts.find((one) => one.rank === rank)?.accuracy ?? null,
    })),
  };
}

provideNetworkFacts(networkOf);
