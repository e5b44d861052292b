import type { NetworkFacts } from '../../charts/chart.ts';
import { trainedParameters } from '../../experiment/network/costs.ts';
import { TASK_WORDS } from '../../experiment/network/task-words.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { bestAt, pathExperiment, pathLines, pathsOf, RING_RANKS, rankOf, sameTask } from '../../state/run/path-runs.ts';
import type { State } from '../../state/state.ts';
import { provideNetworkFacts } from '../lab-scene.ts';

/** Trained parameters over those of full fine-tuning. */
const trainedShare = (e: Experiment) => trainedParameters(e) / trainedParameters({ ...e, method: 'full' });

function networkOf(state: State): NetworkFacts | null {
  const { ready, experiment, losses, full } = state.run;
  if (!ready?.network) return null;
  const { heldOut, old } = ready.network;
  const words = TASK_WORDS[experiment.adapt];
  const [paths, rank, task] = [pathsOf(state), rankOf(experiment), sameTask(experiment)];
  const ranks = [...new Set([...RING_RANKS, ...(rank === null ? [] : [rank])])].sort((a, b) => a - b);
  return {
    losses,
    reference: full?.record.losses ?? null,
    newName: words.new,
    oldName: words.old,
    heldOut: heldOut.answers.length,
    old: old.answers.length,
    rank,
    trained: trainedShare(experiment),
    paths: pathLines(paths),
    ranks: ranks.map((rank) => ({
      rank,
      trained: trainedShare(pathExperiment(task, { rank, rate: null })),
      best: bestAt(paths, rank),
      cut: full?.cuts.find((one) => one.rank === rank)?.accuracy ?? null,
    })),
  };
}

provideNetworkFacts(networkOf);
