import { expect } from 'vitest';
import { percentile99 } from '../../../charts/matrices/heatmap.ts';
import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { updateFactors } from '../../../engine/metrics.ts';
import { nodeBackends } from '../../../engine/testing/node-backends.ts';
import { multiply, scale, subtract } from '../../../math/matrix.ts';
import { productSvd } from '../../../math/spectral/product-svd.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../../math/spectral/spectra.ts';
import { floorOf } from '../../layer/floor.ts';
import { productTarget, unitOf } from '../../layer/module.ts';
import { type LayerCache, layerCache } from '../../layer/problem.ts';
import { decodePainting } from '../../link/drawing.ts';
import { parseLink } from '../../link/link.ts';
import { presets } from '../../presets.ts';
import type { Experiment } from '../../settings/params.ts';
import { type SmallMatrix, smallMatrix } from '../small-picture.ts';

export type PresetRun = Awaited<ReturnType<typeof trainPreset>>;

/** The last W₀ and ΔW* of each preset, reused by further runs. */
const caches = new Map<string, LayerCache>();

/** Trains a preset with other settings to its end, on the processor. `factor`: of the learning rate. */
export async function trainPreset(
  preset: string,
  changes: Partial<Experiment> = {},
  { factor = 1, observe }: { readonly factor?: number; readonly observe?: readonly number[] } = {},
) {
  const { experiment, faults } = parseLink(presets.byName(preset).link);
  expect(faults).toEqual([]);
  const e: Experiment = { ...experiment, ...changes };
  const painting = e.data === '' ? null : await decodePainting(e.data);
  const drawing = painting && 'drawing' in painting ? painting.drawing : null;
  const cache = caches.get(preset) ?? layerCache();
  caches.set(preset, cache);
  const run = await trainInBackground(e, { backends: nodeBackends, factor, observe, drawing, cache });
  const {
    problem,
    points,
    observed,
    summary,
    scalings: [scaling],
  } = run;
  const [module] = problem.modules;
  const last = observed[observed.length - 1];
  const { relativeError = new Float64Array() } = points.series;
  const update = (at = last) => updateFactors(module, at.factors[0].A, at.factors[0].B, scaling);
  return {
    experiment: e,
    ...{ module, observed, summary, update, scaling, problem },
    points: points.modules[0],
    diverged: summary.status === 'diverged',
    error: summary.relativeError ?? Number.NaN,
    errors: relativeError,
    floors: floorOf(module.wanted.spectrum.values),
    ownFloor: () => errorAtRank(singularValues(productTarget(module)))[module.rank] / unitOf(module.wanted),
    effectiveRank: summary.modules[0].effectiveRank,
    losses: summary.losses,
  };
}

/** The best error of a run after its ΔW at an observed step is cut to a rank by its SVD. */
export function errorAfterCut(
  { module, update, observed }: PresetRun,
  rank: number,
  at = observed[observed.length - 1],
) {
  const { left, right, scale: s } = update(at);
  const { U, S, V } = productSvd(left, right, s);
  const { d, k, wanted } = module;
  let square = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) {
      let value = -wanted.matrix.data[i * k + j];
      for (let p = 0; p < rank; p++) value += U.data[i * U.cols + p] * S[p] * V.data[j * V.cols + p];
      square += value * value;
    }
  }
  return Math.sqrt(square) / wanted.norm;
}

/** ΔW at the end of a run that moves nothing, as a small picture: the 99th percentile of |ΔW*| is full strength. */
export function picturedUpdate({ module, update }: PresetRun, label: string): SmallMatrix & { readonly label: string } {
  const { left, right, scale: s } = update();
  const max = percentile99(module.wanted.matrix.data);
  const { data } = scale(multiply(left, right), s);
  return { ...smallMatrix(data, module.d, module.k, [-max, max], 'dw'), label };
}

/** W = W₀ + ΔW at the end of a run that moves nothing, in the greys between the smallest and largest entry of W₀. */
export function picturedWeight({ module, update }: PresetRun, label: string): SmallMatrix & { readonly label: string } {
  const { left, right, scale: s } = update();
  const { base, d, k } = module;
  const range = [base.data.reduce((a, b) => Math.min(a, b)), base.data.reduce((a, b) => Math.max(a, b))] as const;
  const { data } = subtract(base, scale(multiply(left, right), -s));
  return { ...smallMatrix(data, d, k, range, 'w'), label };
}

export function curve(values: ArrayLike<number>, points = 40): (readonly [number, number])[] {
  const last = values.length - 1;
  const every = Math.max(1, Math.floor(last / points));
  const steps = Array.from({ length: Math.floor(last / every) + 1 }, (_, i) => i * every);
  return [...new Set([...steps, last])].map((step) => [step, values[step]] as const);
}
