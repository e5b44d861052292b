import type { ModuleWithTarget } from '../../experiment/layer/module.ts';
import { prepareProblem } from '../../experiment/layer/problem.ts';
import { residualLabels } from '../../experiment/regression/loss.ts';
import { errors, type Factors, meanLoss } from '../../experiment/regression/testing/mean-loss.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import {
  frobenius,
  type Matrix64,
  multiply,
  pickColumns,
  scale,
  subtract,
  toFloat64,
  transpose,
} from '../../math/matrix.ts';
import { productSvd } from '../../math/spectral/product-svd.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import type { Scene } from '../chart.ts';

/** Interval of loss measurements in steps, as on the page. */
const EVERY = 5;

export function regressionScene(changes: Partial<Experiment>, momentum = 0.9): Scene {
  const e: Experiment = { ...defaults(), target: 'regression', d: 32, k: 32, alpha: 16, rank: 8, ...changes };
  const problem = prepareProblem(e, null, { vectors: false });
  if ('why' in problem || problem.kind !== 'samples') throw new Error('no samples');
  const {
    data,
    modules: [layer],
  } = problem;
  const { matrix, norm } = layer.wanted;
  const s = e.alpha / e.rank;
  const R = residualLabels(layer.frozen, data);
  const held = residualLabels(layer.frozen, data.heldOut);
  const rate = 1 / (2 * s * (s + 1) * (1 + (e.condition > 1 ? e.condition / 4 : 1)));
  let [A, B] = [toFloat64(layer.A), toFloat64(layer.B)];
  let [velocityA, velocityB] = [scale(A, 0), scale(B, 0)];
  const lists = { loss: [], gradNormA: [], gradNormB: [], updateNormA: [], updateNormB: [], relativeError: [] };
  const curves: Record<keyof typeof lists, number[]> = lists;
  const losses = { steps: [] as number[], training: [] as number[], heldOut: [] as number[] };
  const spectra: Float64Array[] = [];
  for (let t = 0; t <= e.steps; t++) {
    const columns = data.batches.at(t);
    const factors = { A, B, scaling: s };
    const [someR, someX] = [pickColumns(R, columns), pickColumns(data.X, columns)];
    const { gradA, gradB } = gradients(someR, someX, A, B, s);
    curves.loss.push(meanLoss(someR, someX, factors));
    curves.gradNormA.push(frobenius(gradA));
    curves.gradNormB.push(frobenius(gradB));
    curves.updateNormA.push(0);
    curves.updateNormB.push(0);
    curves.relativeError.push(frobenius(subtract(scale(multiply(B, A), s), matrix)) / norm);
    spectra.push(productSvd(B, A, s).S);
    if (t % EVERY === 0 || t === e.steps) {
      losses.steps.push(t);
      losses.training.push(meanLoss(R, data.X, factors));
      losses.heldOut.push(meanLoss(held, data.heldOut.X, factors));
    }
    velocityA = subtract(scale(velocityA, momentum), scale(gradA, rate));
    velocityB = subtract(scale(velocityB, momentum), scale(gradB, rate));
    [A, B] = [subtract(A, scale(velocityA, -1)), subtract(B, scale(velocityB, -1))];
  }
  return {
    ...frame(e, layer),
    scaling: s,
    curves: { length: e.steps + 1, ...curves },
    sampled: { steps: spectra.map((_, t) => t), spectra },
    spectrum: spectra[e.steps],
    samples: {
      count: e.samples,
      heldOut: data.heldOut.X.cols,
      batch: Math.min(e.batch, e.samples),
      condition: e.condition,
      noise: e.labelnoise,
      losses,
      floors: data.floors,
    },
  };
}

/** ∂L/∂A = s·Bᵀδ·Xᵀ and ∂L/∂B = s·δ·(A·X)ᵀ. */
function gradients(R: Matrix64, X: Matrix64, A: Matrix64, B: Matrix64, scaling: number) {
  const factors: Factors = { A, B, scaling };
  const delta = scale(errors(R, X, factors), scaling / X.cols);
  return {
    gradA: multiply(multiply(transpose(B), delta), transpose(X)),
    gradB: multiply(delta, transpose(multiply(A, X))),
  };
}

function frame(
  e: Experiment,
  { wanted }: ModuleWithTarget,
): Omit<Scene, 'scaling' | 'curves' | 'sampled' | 'spectrum' | 'samples'> {
  const { values, how, error } = wanted.spectrum;
  const floor = errorAtRank(values).map((v) => v / wanted.norm);
  return {
    status: 'finished',
    d: e.d,
    k: e.k,
    rank: e.rank,
    budget: e.steps,
    step: e.steps,
    lookingBack: false,
    alignment: null,
    target: { values, how, error, norm: wanted.norm, floor },
    ownFloor: { value: floor[e.rank], by: 'rank' },
    frozenFactor: null,
    network: null,
    zeroAtStart: 'B',
    definition: 'entropy',
    others: [],
    ended: [],
    hover: null,
    empty: null,
  };
}
