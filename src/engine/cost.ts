import type { LayerModule } from '../experiment/layer/module.ts';
import type { Problem } from '../experiment/layer/problem.ts';
import { MAX_LISTED_SIDE } from '../experiment/run-file/run-file.ts';
import { productCells } from '../math/plane.ts';
import { yieldTask } from '../math/slices.ts';
import { isDrawnInBlocks } from './background/extremes.ts';
import type { Stepper } from './steppers/stepper.ts';

/** Approximate total of the timed steps: longer the first time, while the browser still optimises the code. */
const TIMED_MS = 6;
const FIRST_TIMED_MS = 30;
const MOST_STEPS = 64;
/** In a step this long, compilation does not show. */
const LONG_MS = 1000;

/**
 * Seconds a step, measured on steps that are taken back: packs of 1, 2, 4 … steps, of which the longest counts, since a
 * worker's clock is coarse. `warm` false: the first time on this back end, which may have to compile first.
 */
export async function secondsPerStep(stepper: Stepper, clock: () => number, warm: boolean): Promise<number> {
  const kept = stepper.snapshot();
  let ms = 0;
  const time = async (n: number) => {
    // Plain script takes seconds a step for the largest layers: the worker must answer the page between two.
    await yieldTask();
    const before = clock();
    await stepper.steps(n);
    ms = (clock() - before) / n;
  };
  try {
    const end = clock() + (warm ? TIMED_MS : FIRST_TIMED_MS);
    await time(1);
    if (!warm && ms < LONG_MS) await time(1);
    for (let n = 2; clock() < end && n <= MOST_STEPS; n *= 2) await time(n);
    return ms / 1000;
  } finally {
    kept.restore();
    kept.dispose();
  }
}

/** The page keeps no more than this of the factors of earlier steps, but always some. */
const KEPT_FRAMES = 96e6;
const FEWEST_FRAMES = 3;
/** Planes of this many bytes: W₀ and ΔW* on both sides, the strip and its pixels; 16 times three of extremes. */
const PLANES = 25;
const EXTREMES = 48;

/** Copies of the samples in float32: drawn, residual labels, both sample by sample, and those sent to the page. */
const SAMPLES = 5;

/** Peak bytes of a run of n steps in the worker, the device and the page. `scratch`: see Backend. */
export function estimatedBytes(problem: Problem, steps: number, scratch = 0): number {
  const modules = problem.modules.map((module: LayerModule) => bytesOf(module, scratch));
  const own = modules.reduce((sum, bytes) => sum + bytes, 0);
  const factors = problem.modules.reduce((sum, module: LayerModule) => sum + factorBytes(module), 0);
  return own + samplesBytes(problem) + Math.max(FEWEST_FRAMES * factors, Math.min(KEPT_FRAMES, steps * factors));
}

const factorBytes = ({ d, k, rank }: LayerModule) => 4 * rank * (d + k);

function bytesOf(module: LayerModule, scratch: number): number {
  const { d, k, rank, moved, wanted } = module;
  const matrix = 4 * d * k;
  // W₀, ΔW*, ΔW* in a stepper, and ΔW* with its transpose on a graphics device while the two are timed against each
  // other. Before that ΔW* is made in float64, while W₀ and the stepper of the previous run are still there.
  // The rest of W₀ and the target of s·B·A are two more if an initialisation has moved a part of it.
  const own = moved ? 2 : 0;
  const training = (5 + own + scratch) * matrix;
  const preparing = (5 + own) * matrix;
  // The page has the matrices that a run file lists.
  const listed = Math.max(d, k) <= MAX_LISTED_SIDE ? 2 * matrix : 0;
  // Factors, gradients in float64, two moments, and a snapshot of all that, twice; those of spectra; those under way.
  const state = 30 * factorBytes(module);
  const vectors = wanted?.spectrum.vectors ? 8 * (d + k) * Math.min(d, k) : 0;
  const cells = productCells(rank);
  const plane = 4 * Math.min(d, cells) * Math.min(k, cells);
  const planes = (isDrawnInBlocks(module) ? PLANES + EXTREMES : PLANES) * plane;
  return Math.max(training, preparing) + listed + state + vectors + planes;
}

function samplesBytes(problem: Problem): number {
  if (problem.kind !== 'samples') return 0;
  const { data } = problem;
  const [{ d, k }] = problem.modules;
  return SAMPLES * 4 * (d + k) * (data.X.cols + data.heldOut.X.cols);
}
