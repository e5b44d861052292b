import { digits } from '../../experiment/network/digits-target.ts';
import type { HandAdapter } from '../../experiment/network/hand-adapter.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { pathExperiment, sameTask } from '../../state/run/path-runs.ts';
import type { Run } from '../../state/run/run.ts';
import type { Store } from '../../state/state.ts';
import type { HandCode } from '../../state/view.ts';
import { pagePool } from '../pool.ts';

/**
 * Trains rank 1 on the drawings of the run on screen, for a QR code. Training it reads more than cutting the adapter to
 * its first direction: of ten unsteady hands it reads 0.86 of the test drawings, a cut one 0.76, none 0.62.
 */
export async function trainHandCode(store: Store): Promise<void> {
  const { number, experiment, hand } = store.state().run;
  const put = (result: HandCode['result']) => store.dispatch({ type: 'hand-code', code: { run: number, result } });
  put(null);
  put(await trainedHand(store, pathExperiment(sameTask(experiment), { rank: 1, rate: null }), hand));
}

/** An adapter to somebody's drawings, trained in the pool; zeros for a matrix that has none. */
export async function trainedHand(
  store: Store,
  experiment: Experiment,
  hand: Run['hand'],
): Promise<HandAdapter | { readonly why: string }> {
  const result = await pagePool(store).run({ experiment, drawing: null, hand, keep: ['factors'] }).done;
  if ('why' in result) return { why: result.why };
  const [first] = result.kept;
  if (!first?.factors) return { why: 'Its training was stopped.' };
  const { rank } = experiment;
  const layers = digits.layers.map(
    ({ name, d, k }) =>
      result.kept.find((module) => module.name === name)?.factors ?? {
        A: new Float32Array(rank * k),
        B: new Float32Array(d * rank),
      },
  );
  return { rank, scaling: first.scaling, layers };
}
