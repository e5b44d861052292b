import { effectiveRankOf } from '../experiment/effective-rank.ts';
import { configOf, writeLink } from '../experiment/link.ts';
import type { ReadRun } from '../experiment/read-run-file.ts';
import { type Rows, RUN_FORMAT, RUN_VERSION, type RunFile } from '../experiment/run-file.ts';
import { scalingOf } from '../experiment/scaling.ts';
import { computedWords } from './computed.ts';
import type { RecordedRun } from './events.ts';
import { sampledOf } from './select.ts';
import { lastStep, type ReadyDrawing, type Run } from './state.ts';
import { listOf, type Trace } from './trace.ts';

type Ready = NonNullable<Run['ready']>;

/** Numbers that are turned into lists between two breaths of the page. */
const SLICE = 65_536;

/** Gives way to whatever waits. */
export type Breathe = () => Promise<void>;

/** A matrix that a run file lists, row-major. */
interface Source {
  readonly data: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A and B at the start and at the end; then W₀ and ΔW*, where the page has them and they are wanted: the link rebuilds
 * them.
 */
export function sourcesOf({ frames }: Run, ready: Ready, matrices: boolean): readonly Source[] {
  const { d, k, rank, base, target } = ready;
  const factors = [ready, frames.at(-1) ?? ready].flatMap(({ A, B }) => [
    { data: A, rows: rank, cols: k },
    { data: B, rows: d, cols: rank },
  ]);
  if (!matrices || !base || !target) return factors;
  return [...factors, { data: base, rows: d, cols: k }, { data: target, rows: d, cols: k }];
}

/** Some rows of a matrix at a time. */
export function* rowsInSlices({ data, rows, cols }: Source): Generator<Rows> {
  const atOnce = Math.max(1, Math.floor(SLICE / cols));
  for (let from = 0; from < rows; from += atOnce)
    yield Array.from({ length: Math.min(atOnce, rows - from) }, (_, i) =>
      Array.from(data.subarray((from + i) * cols, (from + i + 1) * cols)),
    );
}

/** The run as it stands, as a run file. Null before its matrices exist. */
export function runFileOf(run: Run, app: string): RunFile | null {
  const { ready } = run;
  if (!ready) return null;
  const lists = sourcesOf(run, ready, true).map((source) => [...rowsInSlices(source)].flat());
  return fileWith(run, ready, app, lists);
}

/** As runFileOf, in slices that keep the page quick. */
export async function runFileInSlices(run: Run, app: string, breathe: Breathe): Promise<RunFile | null> {
  const { ready } = run;
  if (!ready) return null;
  const lists: Rows[] = [];
  for (const source of sourcesOf(run, ready, true)) {
    const rows: (readonly number[])[] = [];
    for (const slice of rowsInSlices(source)) {
      rows.push(...slice);
      await breathe();
    }
    lists.push(rows);
  }
  return fileWith(run, ready, app, lists);
}

/** The file with the matrices that sourcesOf names as lists, in that order. */
export function fileWith(run: Run, ready: Ready, app: string, lists: readonly Rows[]): RunFile {
  const { experiment, rate, trace } = run;
  const { d, k, rank } = ready;
  const numbers = (key: Parameters<typeof listOf>[1]) => Array.from(listOf(trace, key));
  const sampled = sampledOf(run);
  const [startA, startB, endA, endB, base = null, target = null] = lists;
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
        base,
        target,
        initial: { A: startA, B: startB },
        final: { A: endA, B: endB },
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
