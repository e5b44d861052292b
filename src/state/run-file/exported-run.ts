import type { ReadyMessage, ReadyMethod } from '../../engine/protocol/worker-messages.ts';
import { type ExportedMethod, type ExportedRun, matrixOf } from '../../experiment/export/exported.ts';
import type { ExportedNetwork } from '../../experiment/export/network-lesson.ts';
import type { ExportedMatrices } from '../../experiment/export/python-files.ts';
import {
  csvBytes,
  networkCsvBytes,
  networkPythonBytes,
  networkRunBytes,
  peftBytes,
  pythonBytes,
  runBytes,
  type SizeFacts,
  sharesOf,
} from '../../experiment/export/sizes.ts';
import { methods } from '../../experiment/methods/index.ts';
import type { HistoryModule } from '../../experiment/run-file/run-record.ts';
import { besideLora, isFull, isHand } from '../../experiment/settings/bounds.ts';
import type { FileKind } from '../events.ts';
import { givenOf, lastStep, type Run, traceList } from '../run/run.ts';
import { sampledSpectra } from '../select.ts';

/** A run for export, at its last step. Null before its matrices exist. */
export function exportedRunOf(run: Run, app: string, link: string): ExportedRun | null {
  const { ready, rate, experiment, changes, trace } = run;
  if (!ready || rate === null) return null;
  const end = run.frames.at(-1);
  const modules = ready.modules.map(({ name, d, k, rank, A, B, method }, i) => {
    const last: Pick<HistoryModule, 'A' | 'B' | 'own'> = end?.modules[i] ?? { A, B };
    return {
      ...(method && { method: exportedMethod(method, { d, k }, last.own) }),
      ...{ name, d, k, rank },
      initial: { A: matrixOf(rank, k, A), B: matrixOf(d, rank, B) },
      final: { A: matrixOf(rank, k, last.A), B: matrixOf(d, rank, last.B) },
    };
  });
  const { loss, relativeError } = trace.series;
  const error = relativeError ? relativeError[lastStep(run)] : null;
  return { app, link, experiment, rate, changes, modules, losses: traceList(trace, loss), error: error ?? null };
}

function exportedMethod(
  { shapes, own, places, sides }: ReadyMethod,
  { d, k }: Pick<ReadyMessage['modules'][number], 'd' | 'k'>,
  last: HistoryModule['own'] = own,
): ExportedMethod {
  const rank = (sides?.left.length ?? 0) / d;
  const both = sides && { left: matrixOf(d, rank, sides.left), right: matrixOf(rank, k, sides.right) };
  return { shapes, initial: own, final: last, ...(places && { places }), ...both };
}

/** Null if the layer is so large that only the worker has W₀ and ΔW*. */
export function matricesOf({ ready }: Run): ExportedMatrices | null {
  if (ready?.modules.length !== 1 || ready.network) return null;
  const [{ d, k, ...given }] = ready.modules;
  const { base, target } = givenOf(given);
  if (!base || !target) return null;
  return { base: matrixOf(d, k, base), target: matrixOf(d, k, target), samples: samplesOf(ready) };
}

/** The pretrained matrices of a network in the order of the forward pass; null for another target. */
export function networkLayersOf({ ready }: Run): ExportedNetwork['layers'] | null {
  if (!ready?.network) return null;
  return ready.network.layers.map(({ name, d, k, W }) => {
    // Under an adapter W may be less by the part that it has taken over.
    const base = ready.modules.find((module) => module.name === name)?.base ?? W;
    return { name, W: matrixOf(d, k, base) };
  });
}

/** Why a run has no file of this kind; null if it has one. */
export function missingFile(kind: FileKind, { experiment }: Pick<Run, 'experiment'>): string | null {
  if (kind === 'peft' && isFull(experiment))
    return 'Full fine-tuning has no adapter: it changes the matrices themselves.';
  const beside = besideLora(experiment);
  if (kind === 'peft' && beside && beside !== 'dora')
    return beside === 'lora-xs'
      ? 'PEFT has no LoRA-XS.'
      : `Of ${methods.byName(beside).label} no folder is written. The PyTorch script names PEFT’s settings for it.`;
  if (kind !== 'pytorch' && kind !== 'notebook') return null;
  if (isHand(experiment)) return 'It would hold your drawings, and they stay on this device.';
  return null;
}

export function samplesOf(ready: Run['ready']): ExportedMatrices['samples'] {
  if (!ready?.samples) return null;
  const [{ d, k }] = ready.modules;
  const { count, X, Y } = ready.samples.training;
  return { X: matrixOf(k, count, X), Y: matrixOf(d, count, Y) };
}

/** Upper bound of the whole page as an archive, in bytes; a test of the build checks it. */
export const SITE_BYTES = 2_600_000;

/** Estimated sizes of a run's files, in bytes. Null before its matrices exist. */
export function fileSizesOf(run: Run) {
  const { ready } = run;
  if (!ready) return null;
  const all = ready.modules.map((_, i) => sizeFacts(run, ready, i));
  const sum = (bytes: (facts: SizeFacts) => number) => all.reduce((total, facts) => total + bytes(facts), 0);
  const { network } = ready;
  if (network) {
    const steps = Math.max(0, lastStep(run));
    const facts = {
      steps,
      target: run.experiment.target,
      modules: all,
      full: isFull(run.experiment),
      weights: network.layers.reduce((total, { W }) => total + W.length, 0),
      inputs: network.heldOut.inputs.length + network.old.inputs.length,
      measured: run.losses.steps.length,
      indices: run.experiment.batch * ((steps || run.experiment.steps) + 1),
    };
    return {
      run: networkRunBytes(facts),
      csv: networkCsvBytes(facts),
      python: networkPythonBytes(facts),
      peft: sum(peftBytes),
    };
  }
  return { run: sum(runBytes), csv: sum(csvBytes), python: sum(pythonBytes), peft: sum(peftBytes) };
}

const SHORT = 0.1;

function ownSize({ shapes, places }: ReadyMethod, entries: number): SizeFacts['own'] {
  const trained = shapes.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const update = places ? trained + SHORT * entries : entries;
  return { trained, listed: 2 * trained + update, isSingle: shapes.every(({ stream }) => stream === 'B') };
}

function sizeFacts(run: Run, ready: ReadyMessage, i: number): SizeFacts {
  const { experiment } = run;
  const { d, k, rank, moved, method } = ready.modules[i];
  const given = givenOf(ready.modules[i]);
  const [W0, target] = [sharesOf(given.base), sharesOf(given.target)];
  const samples = ready.samples?.training.count ?? 0;
  return {
    ...{ d, k, rank, samples },
    steps: Math.max(0, lastStep(run)),
    budget: experiment.steps,
    spectra: sampledSpectra(run, i).steps.length,
    heldOut: ready.samples?.heldOut.count ?? 0,
    batch: Math.min(experiment.batch, samples),
    moved: moved !== null,
    ...(method && { own: ownSize(method, d * k) }),
    filled: [W0.filled, target.filled],
    varied: [W0.varied, target.varied],
  };
}
