import '../../src/engine/testing/wasm-in-node.ts';
import { startWasmBackend, typescriptBackend } from '../../src/engine/backends/own-backends.ts';
import { trainInBackground } from '../../src/engine/background-runs/background-run.ts';
import { regressionLoss } from '../../src/engine/tasks/regression.ts';
import { regressionData } from '../../src/engine/testing/regression-data.ts';
import type { OneModule } from '../../src/experiment/layer/testing/one-module.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';

/** Loss at step 0 and after each number of steps, over that at ΔW = 0; Infinity if the run has diverged. */
export interface Losses {
  readonly start: number;
  readonly after: readonly number[];
}

const wasm = startWasmBackend('plain');
const backends = 'missing' in wasm ? [typescriptBackend] : [wasm, typescriptBackend];

/** Trains on the engine's own back ends at `factor` times the derived rate; `steps` ascends. */
export async function train(
  e: Experiment,
  { problem, ...layer }: OneModule,
  factor: number,
  steps: readonly number[],
): Promise<Losses> {
  const observe = [0, ...steps];
  const wanted = { ...e, lr: null, steps: Math.max(...steps) };
  const { points, observed, summary } = await trainInBackground(wanted, { backends, problem, factor, observe });
  const unit = lossAtZero(layer);
  // For a matrix target ‖E‖²/‖ΔW*‖²; for samples the loss over all of them, whatever the batch, over that of W₀.
  const lossAt = ({ step, losses }: (typeof observed)[number]) => (losses?.training ?? points.series.loss[step]) / unit;
  const after = steps.map((n) => {
    const reached = observed.find(({ step }) => step === n);
    if (reached) return lossAt(reached);
    // A run that has converged stays where it is.
    return summary.status === 'diverged' ? Number.POSITIVE_INFINITY : lossAt(observed[observed.length - 1]);
  });
  return { start: lossAt(observed[0]), after };
}

export function lossAtZero({ d, k, base, data, targetNorm }: Omit<OneModule, 'problem'>): number {
  if (!data) return 0.5 * targetNorm * targetNorm;
  const task = { d, k, rank: 1, ...regressionData(base, data) };
  return regressionLoss(task, 1, new Float32Array(k), new Float32Array(d));
}
