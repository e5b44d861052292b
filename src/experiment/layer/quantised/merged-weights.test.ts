import { expect, it } from 'vitest';
import { typescriptBackend } from '../../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { frobenius, type Matrix32, multiply, scale, subtract, toFloat32 } from '../../../math/matrix.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import { drain } from '../../../math/progress.ts';
import { change, defaults } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';
import { toBfloat16 } from '../merging.ts';
import { mergedWeightsInSlices } from './merged-weights.ts';

async function trained(changes: Partial<Experiment>) {
  const e = change(defaults(), { d: 48, k: 40, rank: 4, truerank: 4, quant: 'nf4', steps: 500, ...changes });
  const run = await trainInBackground(e, { backends: [typescriptBackend] });
  const [module] = run.problem.modules;
  const was = module.quantised;
  if (!was) throw new Error('it has a quantised base');
  const end = run.observed[run.observed.length - 1].factors[0];
  const A: Matrix32 = { rows: e.rank, cols: e.k, data: end.A };
  const B: Matrix32 = { rows: e.d, cols: e.rank, data: end.B };
  const given = { Q: module.base, W0: was.base, target: was.target, A, B, scaling: run.scalings[0] };
  return { given, ways: drain(mergedWeightsInSlices(given)), error: run.summary.relativeError ?? Number.NaN };
}

const plus = (a: Matrix32, b: Parameters<typeof subtract>[1]) => subtract(a, scale(b, -1));
const stored = (m: Matrix32): Matrix32 => ({ ...m, data: toBfloat16(m.data) });

it.each(['kaiming-uniform', 'loftq', 'qpissa'] as const)('are those of whole matrices: %s', async (init) => {
  const { given, ways, error } = await trained({ init });
  const { Q, W0, target, A, B, scaling } = given;
  const update = scale(multiply(B, A), scaling);
  const goal = plus(W0, target);
  const trainedOn = plus(Q, update);
  const size = frobenius(target);
  const off = (W: Parameters<typeof subtract>[0]) => ({
    error: frobenius(subtract(W, goal)) / size,
    apart: frobenius(subtract(W, trainedOn)) / size,
  });
  const wanted = {
    trained: off(trainedOn),
    quantised: off(stored(toFloat32(plus(stored(Q), update)))),
    full: off(stored(toFloat32(plus(stored(W0), update)))),
    again: off(throughNf4(toFloat32(trainedOn))),
  };
  for (const way of ['trained', 'quantised', 'full', 'again'] as const) {
    expect(Math.abs(ways[way].error - wanted[way].error), way).toBeLessThan(1e-5);
    expect(Math.abs(ways[way].apart - wanted[way].apart), way).toBeLessThan(1e-5);
  }
  expect(ways.trained.error).toBeCloseTo(error, 5);
  // What was taken from W₀ is the difference of both weights, whatever was trained, but for bfloat16's rounding.
  expect(Math.abs(ways.full.apart - frobenius(subtract(W0, Q)) / size)).toBeLessThan(0.01);
});
