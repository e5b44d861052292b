import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { experimentOf, trainAtDerivedRate } from '../../../engine/testing/derived-runs.ts';
import { nodeBackends } from '../../../engine/testing/node-backends.ts';
import { multiply, scale, transpose } from '../../../math/matrix.ts';
import { prepareModule } from '../../layer/testing/one-module.ts';
import type { Experiment } from '../../settings/params.ts';
import { scalingOf, sgdEdge } from '../../settings/rate.ts';
import { distanceFrom, predictionOf } from '../predict.ts';

/** A run beside its prediction: the largest distances of its errors, and of single directions at some steps. */
export async function compared(changes: Partial<Experiment>, steps: number, factor = 1) {
  const e = experimentOf({ opt: 'sgd', d: 32, k: 32, ...changes });
  const layer = prepareModule(e, null);
  if ('why' in layer) throw new Error(layer.why);
  const { vectors } = layer.spectrum;
  if (!vectors) throw new Error('no vectors');
  const observe = [1, 5, 20, 60, 150].filter((step) => step < steps);
  const run = await trainAtDerivedRate(e, layer, steps, { factor, observe });
  const rate = Number(run.summary.rate);
  const along = multiply(layer.A, vectors.V).data;
  const { A, d, k, rank, targetNorm: norm } = layer;
  const start = { d, k, rank, A: A.data, a: layer.facts.a, values: layer.spectrum.values, norm, along };
  const prediction = predictionOf({ ...e, steps }, rate, start);
  if ('why' in prediction) throw new Error(prediction.why);
  const directions = run.observed.map(({ step, factors: [{ A, B }] }) => {
    const ofB = multiply(transpose(vectors.U), { rows: d, cols: rank, data: Float64Array.from(B) });
    const ofA = multiply({ rows: rank, cols: k, data: Float64Array.from(A) }, vectors.V);
    const { data, cols } = scale(multiply(ofB, ofA), scalingOf(e));
    return { step, sizes: Array.from({ length: cols }, (_, i) => data[i * (cols + 1)]) };
  });
  const distance = distanceFrom(prediction, run.entries.relativeError ?? [], steps);
  let single = 0;
  for (const { step, sizes } of directions) {
    const at = prediction.steps.indexOf(step);
    for (const [i, curve] of prediction.directions.entries()) single = Math.max(single, Math.abs(curve[at] - sizes[i]));
  }
  return { prediction, distance, single, largest: layer.spectrum.values[0] };
}

export interface EdgeFigures {
  readonly kappa: number;
  /** The largest rate at which the run settles, over η_end and over η₁; the largest at which it does not diverge. */
  readonly settles: { readonly overUnstable: number; readonly overNothing: number };
  readonly survives: number;
}

const FACTOR = 1.1;
const RATES = Array.from({ length: 14 }, (_, i) => 0.8 * FACTOR ** i);
const STEPS = 400;
/** The steps at the end of a run of which none may climb. */
const LAST = 100;

/** SGD at 14 rates around η_end: it has settled if it converges, or if its loss never rises in the last 100 of 400 steps. */
export async function edgeFigures(changes: Partial<Experiment>): Promise<EdgeFigures> {
  const e = experimentOf({ opt: 'sgd', ...changes, steps: STEPS });
  const layer = prepareModule(e, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  const { unstable, nothing } = sgdEdge(scalingOf(e), e.ratio, layer.facts);
  const kappa = (scalingOf(e) * layer.facts.a ** 2) / layer.facts.sigma1;
  let [settles, survives] = [0, 0];
  for (const factor of RATES) {
    const lr = factor * unstable;
    const run = await trainInBackground({ ...e, lr }, { problem: layer.problem, backends: nodeBackends });
    const { loss } = run.points.series;
    if (run.summary.status === 'diverged') continue;
    survives = lr;
    const end = loss.subarray(Math.max(1, loss.length - LAST));
    const floor = 1e-6 * loss[0];
    // One that has converged may be shorter than that: its first steps say nothing about its end.
    const converged = run.summary.status === 'converged';
    if (converged || end.every((value, i) => i === 0 || value <= end[i - 1] * (1 + 1e-5) + floor)) settles = lr;
  }
  const least = Math.min(1.25 * nothing, 2 * unstable);
  return {
    kappa,
    settles: { overUnstable: settles / unstable, overNothing: settles / nothing },
    survives: survives / least,
  };
}
