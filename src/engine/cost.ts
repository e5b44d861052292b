import type { Layer } from '../experiment/layer.ts';
import type { Stepper } from './steppers/stepper.ts';

/** About how long the timed steps take together: longer the first time, while the browser still optimises the code. */
const TIMED_MS = 6;
const FIRST_TIMED_MS = 30;
const MOST_STEPS = 64;

/**
 * Seconds a step, measured on steps that are taken back: packs of 1, 2, 4 … steps, of which the last and
 * longest counts, since a worker's clock is coarse. `warm` false: the first time on this back end, which may have to compile what a step needs.
 */
export async function secondsPerStep(stepper: Stepper, clock: () => number, warm: boolean): Promise<number> {
  const kept = stepper.snapshot();
  let ms = 0;
  const time = async (n: number) => {
    const before = clock();
    await stepper.steps(n);
    ms = (clock() - before) / n;
  };
  try {
    const end = clock() + (warm ? TIMED_MS : FIRST_TIMED_MS);
    await time(1);
    if (!warm) await time(1);
    for (let n = 2; clock() < end && n <= MOST_STEPS; n *= 2) await time(n);
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
