import type { Layer } from '../experiment/layer.ts';
import type { Stepper } from './steppers/stepper.ts';

/** A first step that is slower than this is answer enough. */
const SLOW_MS = 50;
/** About how long the steps that are timed take together. */
const TIMED_MS = 15;
const MOST_STEPS = 16;

/**
 * Seconds a step, measured on steps that are taken back. `warm` false: this back end may still have to compile the step,
 * so one more is made first.
 */
export async function secondsPerStep(stepper: Stepper, clock: () => number, warm: boolean): Promise<number> {
  const kept = stepper.snapshot();
  const time = async (n: number) => {
    const before = clock();
    await stepper.steps(n);
    return (clock() - before) / n;
  };
  try {
    if (!warm) await time(1);
    const one = await time(1);
    const several = Math.min(MOST_STEPS, Math.floor(TIMED_MS / one));
    const ms = one > SLOW_MS || several < 2 ? one : await time(several);
    return ms / 1000;
  } finally {
    kept.restore();
    kept.dispose();
  }
}

/** The page keeps no more than this of the factors of earlier steps. */
const KEPT_FRAMES = 96e6;

/** Bytes that a run of so many steps needs, in the worker, on the device and on the page. */
export function estimatedBytes({ d, k, rank, spectrum }: Layer, steps: number): number {
  const matrix = 4 * d * k;
  const factors = 4 * rank * (d + k);
  // W₀ and ΔW* here, on the page and (ΔW*) on the device; residual, product and square; ΔW, E and four pictures.
  const matrices = 14 * matrix;
  // Factors, gradients, two moments and a snapshot of them.
  const state = 10 * factors;
  const vectors = spectrum.vectors ? 8 * (d + k) * Math.min(d, k) : 0;
  return matrices + state + vectors + Math.min(KEPT_FRAMES, steps * factors);
}
