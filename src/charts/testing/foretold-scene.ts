import { flowCourse } from '../../experiment/prediction/flow.ts';
import { svd } from '../../math/factor/svd.ts';
import { multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import type { Foretold, Scene } from '../chart.ts';
import { galleryRun, sceneOf } from './gallery-run.ts';
import { landscapeTarget, type RunSettings, startFactors } from './training.ts';

const SGD: RunSettings = {
  ...{ d: 64, k: 64, rank: 8, alpha: 16, optimiser: 'sgd', rate: 0.16, steps: 300, zeroAtStart: 'B' },
};

/** A run of SGD, its flow from the same start, and the directions of ΔW* at every step, in float64. */
function foretoldRun() {
  const { d, k, rank, alpha, rate, steps } = SGD;
  const wanted = landscapeTarget(d, k);
  const { U, S: values, V } = svd(wanted);
  const s = alpha / rank;
  let { A, B } = startFactors(SGD);
  const course = flowCourse({
    ...{ values, norm: Math.hypot(...values), rank, scaling: s, rate, ratio: 1, steps },
    ...{ along: multiply(A, V).data, gram: multiply(A, transpose(A)).data },
  });
  const spectra: number[][] = [];
  for (let t = 0; t <= steps; t++) {
    const seen = multiply(multiply(transpose(U), B), multiply(A, V));
    spectra.push(Array.from({ length: 8 }, (_, i) => s * seen.data[i * (seen.cols + 1)]));
    const E = subtract(scale(multiply(B, A), s), wanted);
    const [gradA, gradB] = [scale(multiply(transpose(B), E), s), scale(multiply(E, transpose(A)), s)];
    [A, B] = [subtract(A, scale(gradA, rate)), subtract(B, scale(gradB, rate))];
  }
  const prediction: Foretold['prediction'] = { ...course, law: 'band', band: 0.13 };
  return { prediction, measured: { steps: spectra.map((_, t) => t), spectra } };
}

let made: (Omit<Foretold, 'until'> & { readonly run: ReturnType<typeof galleryRun> }) | null = null;

/** That run up to a step, with what was foretold of it. */
export function foretoldScene(until: number, changes: Partial<Foretold> = {}, more: Partial<Scene> = {}): Scene {
  made ??= { ...foretoldRun(), run: galleryRun(SGD) };
  const { prediction, measured, run } = made;
  const upTo = { steps: measured.steps.slice(0, until + 1), spectra: measured.spectra.slice(0, until + 1) };
  return sceneOf(run, until, { foretold: { prediction, until: null, measured: upTo, ...changes }, ...more });
}
