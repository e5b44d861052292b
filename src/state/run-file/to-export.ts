import { type ExportedRun, matrixOf } from '../../experiment/export/exported.ts';
import type { ExportedMatrices } from '../../experiment/export/python-files.ts';
import { lastStep, listOf, type Run, SHOWN } from '../run/run.ts';

/** A run as it is taken elsewhere, at its last step. Null before its matrices exist. */
export function exportedOf(run: Run, app: string, link: string): ExportedRun | null {
  const { ready, rate, experiment, changes, trace } = run;
  if (!ready || rate === null) return null;
  const end = run.frames.at(-1);
  const modules = ready.modules.map(({ name, d, k, rank, A, B }, i) => {
    const last = end?.modules[i] ?? { A, B };
    return {
      ...{ name, d, k, rank },
      initial: { A: matrixOf(rank, k, A), B: matrixOf(d, rank, B) },
      final: { A: matrixOf(rank, k, last.A), B: matrixOf(d, rank, last.B) },
    };
  });
  const { loss, relativeError } = trace.series;
  const error = relativeError ? relativeError[lastStep(run)] : null;
  return { app, link, experiment, rate, changes, modules, losses: listOf(trace, loss), error: error ?? null };
}

/** W₀ and ΔW* as far as the page has them, and the samples; null where the layer is so large that only the worker had them. */
export function matricesOf({ ready }: Run): ExportedMatrices | null {
  const module = ready?.modules[SHOWN];
  const target = module?.wanted?.matrix;
  if (!module?.base || !target) return null;
  const { d, k, base } = module;
  return { base: matrixOf(d, k, base), target: matrixOf(d, k, target), samples: samplesOf(ready) };
}

/** The training samples of a regression run. */
export function samplesOf(ready: Run['ready']): ExportedMatrices['samples'] {
  if (!ready?.samples) return null;
  const [{ d, k }] = ready.modules;
  const { count, X, Y } = ready.samples.training;
  return { X: matrixOf(k, count, X), Y: matrixOf(d, count, Y) };
}
