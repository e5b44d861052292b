import { svd } from '../../math/factor/svd.ts';
import { frobenius, multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import { productSvd } from '../../math/spectral/product-svd.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { subspaceAlignment } from '../../math/spectral/subspaces.ts';
import type { Curves, OtherRun, SampledSpectra, Scene } from '../chart.ts';
import { factorUpdater, landscapeTarget, type RunSettings, startFactors } from './training.ts';

/** A real run in float64: curves of every step, spectra and alignment of all of them. */
export interface GalleryRun {
  readonly settings: RunSettings;
  readonly curves: Curves;
  readonly sampled: SampledSpectra;
  readonly alignments: readonly Scene['alignment'][];
  readonly target: NonNullable<Scene['target']>;
}

const USUAL: RunSettings = {
  d: 64,
  k: 64,
  rank: 8,
  alpha: 16,
  optimiser: 'adam',
  rate: 0.004,
  steps: 300,
  zeroAtStart: 'B',
};

/** Trains on the landscape with the formulas of the matrix target, and keeps everything. */
export function galleryRun(changes: Partial<RunSettings> = {}): GalleryRun {
  const settings = { ...USUAL, ...changes };
  const { d, k, rank, alpha, steps } = settings;
  const wanted = landscapeTarget(d, k);
  const full = svd(wanted);
  const norm = frobenius(wanted);
  const s = alpha / rank;
  const { A, B } = startFactors(settings);
  const move = { A: factorUpdater(settings, A), B: factorUpdater(settings, B) };
  const lists = { loss: [], gradNormA: [], gradNormB: [], updateNormA: [], updateNormB: [], relativeError: [] };
  const curves: Record<keyof typeof lists, number[]> = lists;
  const spectra: Float64Array[] = [];
  const alignments: Scene['alignment'][] = [];
  for (let t = 0; t <= steps; t++) {
    const E = subtract(scale(multiply(B, A), s), wanted);
    const error = frobenius(E);
    const loss = 0.5 * error * error;
    if (t > 0 && !(loss <= 1e6 * curves.loss[0])) break;
    const gradA = scale(multiply(transpose(B), E), s);
    const gradB = scale(multiply(E, transpose(A)), s);
    curves.loss.push(loss);
    curves.relativeError.push(error / norm);
    curves.gradNormA.push(frobenius(gradA));
    curves.gradNormB.push(frobenius(gradB));
    const { U, S, V } = productSvd(B, A, s);
    spectra.push(S);
    alignments.push({
      left: subspaceAlignment(full.U, full.S, U, S),
      right: subspaceAlignment(full.V, full.S, V, S),
    });
    curves.updateNormA.push(move.A(gradA));
    curves.updateNormB.push(move.B(gradB));
  }
  const floor = errorAtRank(full.S).map((v) => v / norm);
  const sampled = { steps: spectra.map((_, i) => i), spectra };
  return {
    settings,
    curves: { length: curves.loss.length, ...curves },
    sampled,
    alignments,
    target: { values: full.S, how: 'computed', error: 1e-15, norm, floor },
  };
}

/** A run at one moment. `until` is the newest step and, by default, the step shown. */
export function sceneOf(run: GalleryRun, until: number, changes: Partial<Scene> = {}): Scene {
  const { settings, curves, sampled, alignments, target } = run;
  const last = Math.min(until, curves.length - 1);
  const step = changes.step ?? last;
  return {
    status: 'training',
    d: settings.d,
    k: settings.k,
    rank: settings.rank,
    scaling: settings.alpha / settings.rank,
    budget: settings.steps,
    step,
    lookingBack: step < last,
    curves: { ...curves, length: last + 1 },
    sampled: { steps: sampled.steps.slice(0, last + 1), spectra: sampled.spectra.slice(0, last + 1) },
    spectrum: sampled.spectra[step],
    alignment: alignments[step],
    target,
    ownFloor: { value: target.floor[settings.rank], by: 'rank' },
    frozenFactor: null,
    samples: null,
    network: null,
    zeroAtStart: settings.zeroAtStart,
    definition: 'entropy',
    others: [],
    ended: [],
    hover: null,
    empty: null,
    ...changes,
  };
}

/** A run as drawn next to another one. */
export function otherRun({ curves, sampled, settings: { rank } }: GalleryRun, name = `before, r = ${rank}`): OtherRun {
  return { name, rank, curves, sampled, losses: null, pale: true };
}
