import type { Backend } from '../../../engine/backends/backend.ts';
import { typescriptBackend } from '../../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { toFloat32, transpose } from '../../../math/matrix.ts';
import { scaledColumns } from '../../inits/triplets.ts';
import type { ModuleWithTarget } from '../../layer/module.ts';
import { defaults } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';
import { type ExportedMethod, type ExportedModule, type ExportedRun, matrixOf } from '../exported.ts';
import type { ExportedMatrices } from '../python-files.ts';

function exportedMethod(
  { shapes, own, places, directions }: NonNullable<ModuleWithTarget['method']>,
  final: readonly Float32Array[] = [],
): ExportedMethod {
  const { U, S, V } = directions ?? {};
  const sides = U && S && V && { left: toFloat32(scaledColumns(U, S)), right: toFloat32(transpose(V)) };
  return { shapes, initial: own, final, ...(places && { places }), ...sides };
}

export async function exportedRun(
  changes: Partial<Experiment>,
  backends: readonly Backend[] = [typescriptBackend],
): Promise<{ run: ExportedRun; matrices: ExportedMatrices }> {
  const experiment: Experiment = { ...defaults(), ...changes };
  const { problem, points, summary, observed } = await trainInBackground(experiment, { backends });
  const [module] = problem.modules;
  const { name, d, k, rank, base, A, B, method } = module;
  const end = observed[observed.length - 1].factors[0];
  const final = { A: matrixOf(rank, k, Float32Array.from(end.A)), B: matrixOf(d, rank, Float32Array.from(end.B)) };
  const exported: ExportedModule = {
    ...{ name, d, k, rank, initial: { A, B }, final },
    ...(method && { method: exportedMethod(method, end.own) }),
  };
  return {
    run: {
      app: '1',
      link: 'https://example.org/#v=1',
      experiment,
      rate: summary.rate,
      changes: [],
      modules: [exported],
      losses: points.series.loss,
      error: summary.relativeError,
    },
    matrices: {
      base: module.quantised?.base ?? base,
      target: module.quantised?.target ?? module.wanted.matrix,
      samples: problem.kind === 'samples' ? { X: problem.data.X, Y: problem.data.Y } : null,
    },
  };
}
