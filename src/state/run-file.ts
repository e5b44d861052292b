import { effectiveRankOf } from '../experiment/effective-rank.ts';
import { configOf, writeLink } from '../experiment/link/link.ts';
import type { ReadRun } from '../experiment/run-file/read-run-file.ts';
import {
  type Rows,
  RUN_FORMAT,
  RUN_VERSION,
  type RunFile,
  type RunFileSamples,
} from '../experiment/run-file/run-file.ts';
import { scalingOf } from '../experiment/settings/scaling.ts';
import { computedWords } from './computed.ts';
import type { RecordedRun } from './events.ts';
import { NO_LOSSES } from './losses.ts';
import { lastStep, type Run } from './run.ts';
import { type ListName, type Lists, listsOf } from './run-lists.ts';
import { sampledOf } from './select.ts';
import type { ReadyDrawing } from './state.ts';
import { listOf, type Trace } from './trace.ts';

type Ready = NonNullable<Run['ready']>;

/** Gives way to whatever waits. */
export type Breathe = () => Promise<void>;

/** The run as it stands, as a run file. Null before its matrices exist. */
export function runFileOf(run: Run, app: string): RunFile | null {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<Rows> = {};
  for (const [name, slices] of entriesOf(listsOf(run, ready, true))) lists[name] = [...slices()].flat();
  return fileWith(run, ready, app, lists);
}

/** As runFileOf, in slices that keep the page quick. */
export async function runFileInSlices(run: Run, app: string, breathe: Breathe): Promise<RunFile | null> {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<Rows> = {};
  for (const [name, slices] of entriesOf(listsOf(run, ready, true))) {
    const rows: (readonly number[])[] = [];
    for (const slice of slices()) {
      for (const row of slice) rows.push(row);
      await breathe();
    }
    lists[name] = rows;
  }
  return fileWith(run, ready, app, lists);
}

export function entriesOf<T>(lists: Lists<T>): [ListName, T][] {
  return Object.entries(lists) as [ListName, T][];
}

/** What a regression run has beside the others; null for another target, or where nothing of it is wanted. */
function samplesWith(ready: Ready, lists: Lists<Rows>): RunFileSamples | null {
  const { X = null, Y = null, batches = null, heldOutX = null, heldOutY = null } = lists;
  if (!ready.samples || !(X || batches)) return null;
  return { X, Y, batches, heldOut: { X: heldOutX, Y: heldOutY } };
}

/** The full losses of a regression run; nothing of another one. */
function lossesWith({ losses }: Run): Pick<RunFile['trace'], 'trainingLoss' | 'heldOutLoss'> {
  const { steps: step, training, heldOut } = losses;
  return step.length === 0 ? {} : { trainingLoss: { step, values: training }, heldOutLoss: { step, values: heldOut } };
}

/** The file with those lists in their places. */
export function fileWith(run: Run, ready: Ready, app: string, lists: Lists<Rows>): RunFile {
  const { experiment, rate, trace } = run;
  const { d, k, rank } = ready;
  const numbers = (key: Parameters<typeof listOf>[1]) => Array.from(listOf(trace, key));
  const sampled = sampledOf(run);
  const { startA = [], startB = [], endA = [], endB = [], base = null, target = null } = lists;
  const samples = samplesWith(ready, lists);
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
    ...(samples && { samples }),
    trace: {
      step: Array.from({ length: trace.length }, (_, i) => i),
      loss: numbers('loss'),
      relativeError: numbers('relativeError'),
      ...lossesWith(run),
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
    losses: read.losses ?? NO_LOSSES,
    computed: [{ from: 0, backend: read.backend, device: read.device }],
    samples: read.spectra.map(({ step, values }) => ({ step, spectrum: values })),
    changes: read.changes,
  };
}
