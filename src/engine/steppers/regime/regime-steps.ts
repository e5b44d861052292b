import type { LayerSize } from '../../../experiment/settings/kinds.ts';
import type { Regime } from '../../../experiment/settings/regime.ts';
import { halfMatrix, halfSamples, leastNorm } from '../../tasks/half.ts';
import type { FactorNumbers } from '../move.ts';
import type { SampleTask, Settings } from '../stepper.ts';

/** The numbers of a plain-loop run that a regime reads and writes. */
interface RegimeState {
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly gradA: Float64Array;
  readonly gradB: Float64Array;
  readonly step: number;
  updateNormB: number;
}

interface RegimeTask extends LayerSize {
  readonly target: Float32Array;
  readonly frozen?: 'A' | 'B' | null;
}

export interface RegimeSteps {
  /** After the exact pass: the gradients in float16, in place of its own. The loss stays the exact one. */
  measured(state: RegimeState, scaling: number): void;
  norm(gradient: Float64Array): number;
  /** Shortens the gradients, before a step and before each further part of one. */
  clip(state: RegimeState): void;
  /** Makes a step of the optimiser. */
  around(state: RegimeState, settings: Pick<Settings, 'lr' | 'ratio'>, step: () => void): void;
}

/** Of one matrix in plain loops. */
export function regimeSteps(
  { lossScale, clip, decayB }: Regime,
  task: RegimeTask,
  samples: SampleTask | null,
): RegimeSteps {
  const half =
    lossScale === undefined
      ? null
      : samples
        ? halfSamples(task, samples, lossScale)
        : halfMatrix(task, task.target, lossScale);
  const norm = (gradient: Float64Array) =>
    lossScale === undefined ? normOf([gradient]) : leastNorm(gradient, lossScale);
  const shorten = ({ gradA, gradB }: RegimeState) => {
    if (clip === undefined) return;
    const trained = [...(task.frozen === 'A' ? [] : [gradA]), ...(task.frozen === 'B' ? [] : [gradB])];
    shortenTo(clip, trained, normOf(trained));
  };
  return {
    measured(state, scaling) {
      half?.gradients(scaling, state.A, state.B, state, samples?.batches.at(state.step) ?? []);
    },
    norm,
    clip: shorten,
    around(state, { lr, ratio }, step) {
      shorten(state);
      if (decayB === undefined) return step();
      const before = state.B.slice();
      decay(state.B, ratio * lr * decayB);
      step();
      state.updateNormB = distanceOf(state.B, before);
    },
  };
}

/** √Σ‖g‖² in float64. */
function normOf(all: readonly Float64Array[]): number {
  let sum = 0;
  for (const gradient of all) for (const g of gradient) sum += g * g;
  return Math.sqrt(sum);
}

/** Shortens the gradients of a network or a method to the largest norm of them all together. `norm`: that of one. */
export function shortenJointly<G extends FactorNumbers>(
  most: number | undefined,
  gradients: readonly G[],
  norm: (gradient: G) => number,
): void {
  if (most === undefined) return;
  const norms = gradients.map(norm);
  shortenTo(most, gradients, Math.sqrt(norms.reduce((sum, one) => sum + one * one, 0)));
}

/** Divides by zero nowhere, as torch.nn.utils.clip_grad_norm_. */
const CLIP_EPSILON = 1e-6;

/** g ← g·min(1, most/(norm + 10⁻⁶)), in place. A norm that is not finite leaves zeros and NaN. */
function shortenTo(most: number, gradients: readonly FactorNumbers[], norm: number): void {
  const share = Math.min(1, most / (norm + CLIP_EPSILON));
  if (share === 1) return;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] *= share;
}

/** θ ← θ − share·θ, in place. */
export function decay(theta: FactorNumbers, share: number): void {
  for (let i = 0; i < theta.length; i++) theta[i] -= share * theta[i];
}

/** ‖x − y‖. */
export function distanceOf(x: FactorNumbers, y: FactorNumbers): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
  return Math.sqrt(sum);
}
