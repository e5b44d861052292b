import { effectiveRankOf } from '../experiment/effective-rank.ts';
import { configOf, writeLink } from '../experiment/link.ts';
import type { ReadRun } from '../experiment/read-run-file.ts';
import { LARGEST_LISTED, type Rows, RUN_FORMAT, RUN_VERSION, type RunFile } from '../experiment/run-file.ts';
import { scalingOf } from '../experiment/scaling.ts';
import { computedWords } from './computed.ts';
import type { RecordedRun } from './events.ts';
import { sampledOf } from './select.ts';
import { lastStep, type ReadyDrawing, type Run } from './state.ts';
import { listOf, type Trace } from './trace.ts';

function toRows(data: Float32Array, rows: number, cols: number): Rows {
  return Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols)));
}

/**
 * The run as it stands, as a run file. Null before its matrices exist. W₀ and ΔW* can be left out (`matrices` false): the
 * link rebuilds them, and turning them into lists takes time.
 */
export function runFileOf(run: Run, app: string, matrices = true): RunFile | null {
  const { ready, experiment, rate, trace } = run;
  if (!ready) return null;
  const { d, k, rank } = ready;
  const listed = matrices && d <= LARGEST_LISTED && k <= LARGEST_LISTED;
  const last = run.frames.at(-1);
  const numbers = (key: Parameters<typeof listOf>[1]) => Array.from(listOf(trace, key));
  const sampled = sampledOf(run);
  return {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    app,
    ...computedWords(run.computed, lastStep(run)),
    link: writeLink(experiment, rate),
    config: configOf(experiment, rate),
    scaling: scalingOf(experiment),
    layers: [
      {
        name: 'W',
        d,
        k,
        rank,
        base: listed ? toRows(ready.base, d, k) : null,
        target: listed ? toRows(ready.target, d, k) : null,
        initial: { A: toRows(ready.A, rank, k), B: toRows(ready.B, d, rank) },
        final: { A: toRows(last?.A ?? ready.A, rank, k), B: toRows(last?.B ?? ready.B, d, rank) },
        trace: {
          gradNormA: numbers('gradNormA'),
          gradNormB: numbers('gradNormB'),
          updateNormA: numbers('updateNormA'),
          updateNormB: numbers('updateNormB'),
          effectiveRank: { step: sampled.steps, values: sampled.spectra.map((s) => effectiveRankOf(s)) },
          spectrum: sampled.steps.map((step, i) => ({ step, values: Array.from(sampled.spectra[i]) })),
        },
      },
    ],
    trace: {
      step: Array.from({ length: trace.length }, (_, i) => i),
      loss: numbers('loss'),
      relativeError: numbers('relativeError'),
    },
    changes: run.changes,
    status: run.status,
  };
}

/** Numbers that are turned into lists between two breaths of the page. */
const SLICE = 16_384;

/** As runFileOf, in slices that keep the page quick; `breathe` gives way to whatever waits. */
export async function runFileInSlices(run: Run, app: string, breathe: () => Promise<void>): Promise<RunFile | null> {
  const file = runFileOf(run, app, false);
  const { ready } = run;
  if (!file || !ready || ready.d > LARGEST_LISTED || ready.k > LARGEST_LISTED) return file;
  const { d, k } = ready;
  const rowsOf = async (data: Float32Array) => {
    const rows: number[][] = [];
    const atOnce = Math.max(1, Math.floor(SLICE / k));
    for (let i = 0; i < d; i += atOnce) {
      rows.push(...(toRows(data.subarray(i * k), Math.min(atOnce, d - i), k) as number[][]));
      await breathe();
    }
    return rows;
  };
  const [base, target] = [await rowsOf(ready.base), await rowsOf(ready.target)];
  return { ...file, layers: file.layers.map((layer) => ({ ...layer, base, target })) };
}

/** A run file that was read, as the page keeps a run. */
export function recordedOf(read: ReadRun, drawing: ReadyDrawing | null): RecordedRun {
  const { loss, gradNormA, gradNormB, updateNormA, updateNormB, relativeError } = read;
  const trace: Trace = { length: loss.length, loss, gradNormA, gradNormB, updateNormA, updateNormB, relativeError };
  const at = (step: number) => read.spectra.find((s) => s.step === step)?.values ?? null;
  const last = loss.length - 1;
  const start = { step: 0, ...read.initial, spectrum: at(0), alignment: null };
  const end = { step: last, ...read.final, spectrum: at(last), alignment: null };
  return {
    experiment: read.experiment,
    drawing,
    rate: read.rate,
    status: read.status,
    trace,
    frames: last === 0 ? [start] : [start, end],
    computed: [{ from: 0, backend: read.backend, device: read.device }],
    samples: read.spectra.map(({ step, values }) => ({ step, spectrum: values })),
    changes: read.changes,
  };
}
