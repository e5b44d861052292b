import type { ReadyModule } from '../../engine/protocol/ready-message.ts';
import { configOf, writeLink } from '../../experiment/link/link.ts';
import { effectiveRankOf, type ModuleSeries } from '../../experiment/metric.ts';
import type { ReadRun } from '../../experiment/run-file/read-run-file.ts';
import {
  LARGEST_LISTED,
  type Rows,
  RUN_FORMAT,
  RUN_VERSION,
  type RunFile,
  type RunFileLayer,
  type RunFileSamples,
} from '../../experiment/run-file/run-file.ts';
import { scalingOf } from '../../experiment/settings/scaling.ts';
import type { RecordedRun } from '../events.ts';
import { computedWords } from '../run/computed.ts';
import type { KeptFrame } from '../run/history.ts';
import { NO_LOSSES } from '../run/history.ts';
import { lastStep, type Run } from '../run/run.ts';
import { listOf } from '../run/trace.ts';
import { sampledOf } from '../select.ts';
import type { ReadyDrawing } from '../state.ts';
import { type ListName, type Lists, type LongList, listsOf, type ModuleList, rowsOf } from './run-lists.ts';
import { whenRead } from './when-read.ts';

type Ready = NonNullable<Run['ready']>;

/** Gives way to whatever waits. */
export type Breathe = () => Promise<void>;

/**
 * The run as it stands, as a run file. Null before its matrices exist. Its long lists are made when they are first read,
 * from arrays that never change: most files are asked for their curves alone.
 */
export function runFileOf(run: Run, app: string): RunFile | null {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<() => Rows> = {};
  for (const [name, list] of entriesOf(listsOf(run, ready, true))) lists[name] = () => rowsOf(list);
  return fileWith(run, ready, app, lists);
}

/** Numbers of a list that a page turns into rows in a few milliseconds: all that W₀ may have. */
const QUICK = LARGEST_LISTED ** 2;

/** As runFileOf; lists that would take longer to read than a page can afford are made now, in slices that keep it quick. */
export async function runFileInSlices(run: Run, app: string, breathe: Breathe): Promise<RunFile | null> {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<() => Rows> = {};
  for (const [name, list] of entriesOf(listsOf(run, ready, true))) {
    if (list.numbers <= QUICK) lists[name] = () => rowsOf(list);
    else {
      const rows = await slowly(list, breathe);
      lists[name] = () => rows;
    }
  }
  return fileWith(run, ready, app, lists);
}

async function slowly({ slices }: LongList, breathe: Breathe): Promise<Rows> {
  const rows: (readonly number[])[] = [];
  for (const slice of slices()) {
    for (const row of slice) rows.push(row);
    await breathe();
  }
  return rows;
}

export function entriesOf<T>(lists: Lists<T>): [ListName, T][] {
  return Object.entries(lists) as [ListName, T][];
}

/** What a regression run has beside the others; null for another target, or where nothing of it is wanted. */
function samplesWith(ready: Ready, lists: Lists<() => Rows>): RunFileSamples | null {
  const { X = NONE, Y = NONE, batches = NONE, heldOutX = NONE, heldOutY = NONE } = lists;
  if (!ready.samples || (X === NONE && batches === NONE)) return null;
  const heldOut = whenRead({}, { X: heldOutX, Y: heldOutY });
  return Object.assign(whenRead({}, { X, Y, batches }), { heldOut });
}

const NONE = () => null;
const EMPTY = () => [];

/** The full losses of a regression run; nothing of another one. */
function lossesWith({ losses }: Run): Pick<RunFile['trace'], 'trainingLoss' | 'heldOutLoss'> {
  const { steps: step, training, heldOut } = losses;
  return step.length === 0 ? {} : { trainingLoss: { step, values: training }, heldOutLoss: { step, values: heldOut } };
}

/** The file with those lists in their places. */
export function fileWith(run: Run, ready: Ready, app: string, lists: Lists<() => Rows>): RunFile {
  const { experiment, view, rate, trace } = run;
  const samples = samplesWith(ready, lists);
  const { loss, relativeError } = trace.series;
  return {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    app,
    ...computedWords(run.computed, lastStep(run)),
    link: writeLink(experiment, view, rate),
    config: configOf(experiment, view, rate),
    scaling: scalingOf(experiment),
    layers: ready.modules.map((module, i) => layerWith(run, module, i, lists)),
    ...(samples && { samples }),
    trace: {
      step: Array.from({ length: trace.length }, (_, i) => i),
      loss: Array.from(listOf(trace, loss)),
      relativeError: relativeError
        ? Array.from(listOf(trace, relativeError))
        : new Array<null>(trace.length).fill(null),
      ...lossesWith(run),
    },
    changes: run.changes,
    status: run.status,
  };
}

function layerWith(run: Run, { name, d, k, rank }: ReadyModule, i: number, lists: Lists<() => Rows>): RunFileLayer {
  const norms = run.trace.modules[i];
  const numbers = (series: ModuleSeries) => (norms ? Array.from(listOf(run.trace, norms[series])) : []);
  const sampled = sampledOf(run, i);
  const list = (of: ModuleList) => lists[`${of}${i}`];
  const matrices = { base: list('base') ?? NONE, target: list('target') ?? NONE };
  return Object.assign(whenRead({ name, d, k, rank }, matrices), {
    initial: whenRead({}, { A: list('startA') ?? EMPTY, B: list('startB') ?? EMPTY }),
    final: whenRead({}, { A: list('endA') ?? EMPTY, B: list('endB') ?? EMPTY }),
    trace: {
      gradNormA: numbers('gradNormA'),
      gradNormB: numbers('gradNormB'),
      updateNormA: numbers('updateNormA'),
      updateNormB: numbers('updateNormB'),
      effectiveRank: { step: sampled.steps, values: sampled.spectra.map((s) => effectiveRankOf(s)) },
      spectrum: sampled.steps.map((step, at) => ({ step, values: Array.from(sampled.spectra[at]) })),
    },
  });
}

/** A run file that was read, as the page keeps a run. */
export function recordedOf(read: ReadRun, drawing: ReadyDrawing | null): RecordedRun {
  const { series, modules } = read;
  const { length } = series.loss;
  const last = length - 1;
  const steps = [...new Set(modules.flatMap(({ spectra }) => [...spectra.keys()]))].sort((a, b) => a - b);
  const frame = (step: number, of: 'initial' | 'final'): KeptFrame => ({
    step,
    modules: modules.map((module) => ({
      ...module[of],
      spectrum: module.spectra.get(step) ?? null,
      alignment: null,
    })),
  });
  const ends = last === 0 ? [frame(0, 'initial')] : [frame(0, 'initial'), frame(last, 'final')];
  return {
    experiment: read.experiment,
    // A lesson that opens brings its own settings, and the run would be gone.
    view: { ...read.view, lesson: '' },
    drawing,
    rate: read.rate,
    status: read.status,
    trace: { length, series, modules: modules.map(({ norms }) => norms) },
    frames: ends,
    losses: read.losses ?? NO_LOSSES,
    computed: [{ from: 0, backend: read.backend, device: read.device }],
    samples: steps.map((step) => ({ step, spectra: modules.map(({ spectra }) => spectra.get(step) ?? null) })),
    changes: read.changes,
  };
}
