import { type ExportedRun, matrixOf } from '../../experiment/export/exported.ts';
import type { ExportedMatrices } from '../../experiment/export/python-files.ts';
import { csvBytes, peftBytes, pythonBytes, runBytes, type SizeFacts, sharesOf } from '../../experiment/export/sizes.ts';
import { lastStep, listOf, type Run, SHOWN } from '../run/run.ts';
import { sampledOf } from '../select.ts';

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

/** The whole page as an archive, in bytes; a test of the build holds it. */
export const SITE_BYTES = 1_200_000;

/** How large the files of a run are, in bytes and estimated. Null before its matrices exist. */
export function sizesOf(run: Run) {
  const { ready, experiment } = run;
  if (!ready) return null;
  const { d, k, rank, moved, base, wanted } = ready.modules[SHOWN];
  const [W0, target] = [sharesOf(base), sharesOf(wanted?.matrix)];
  const samples = ready.samples?.training.count ?? 0;
  const facts: SizeFacts = {
    ...{ d, k, rank, samples },
    steps: Math.max(0, lastStep(run)),
    budget: experiment.steps,
    spectra: sampledOf(run).steps.length,
    heldOut: ready.samples?.heldOut.count ?? 0,
    batch: Math.min(experiment.batch, samples),
    moved: moved !== null,
    filled: [W0.filled, target.filled],
    varied: [W0.varied, target.varied],
  };
  return { run: runBytes(facts), csv: csvBytes(facts), python: pythonBytes(facts), peft: peftBytes(facts) };
}
