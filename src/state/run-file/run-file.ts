import type { ReadyModule, SampleSetColumns } from '../../engine/protocol/worker-messages.ts';
import { configOf, writeLink } from '../../experiment/link/link.ts';
import { batchesOfLink } from '../../experiment/regression/batches.ts';
import {
  MAX_INDICES,
  MAX_LISTED_SIDE,
  type NumberRows,
  RUN_FORMAT,
  RUN_VERSION,
  type RunFile,
  type RunFileLayer,
  type RunFileSamples,
} from '../../experiment/run-file/run-file.ts';
import { effectiveRankOf, type ModuleSeries, moduleSeries } from '../../experiment/settings/metric.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { backendTexts, lastStep, type Run, traceList } from '../run/run.ts';
import { sampledSpectra } from '../select.ts';

/** Properties computed at the first read, plain afterwards; listing and copying see them, after the object's own. */
export function lazyProperties<O extends object, T extends object>(
  object: O,
  makers: { readonly [K in keyof T]: () => T[K] },
): O & T {
  for (const key of Object.keys(makers) as (keyof T)[]) {
    const settle = <V>(value: V): V => {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      return value;
    };
    const get = () => settle(makers[key]());
    Object.defineProperty(object, key, { get, set: settle, enumerable: true, configurable: true });
  }
  return object as O & T;
}

type RunWithMatrices = NonNullable<Run['ready']>;

type ModuleList = 'startA' | 'startB' | 'endA' | 'endB' | 'base' | 'target';

/** The long lists of a run file: those of module i carry its number as a suffix. */
export type ListName = `${ModuleList}${number}` | 'X' | 'Y' | 'batches' | 'heldOutX' | 'heldOutY';

export type Lists<T> = { [K in ListName]?: T };

/** A list that is made on demand. */
interface LongList {
  /** Numbers in all rows together. */
  readonly numbers: number;
  readonly slices: () => Generator<NumberRows>;
}

function rowsOf({ slices }: LongList): NumberRows {
  return [...slices()].flat();
}

/** Numbers converted to lists between two yields to the page. */
const SLICE = 65_536;

/** A and B at both ends; if `all`, also W₀, ΔW*, samples and batches unless too long: the link rebuilds them. */
export function listsOf(run: Run, ready: RunWithMatrices, all: boolean): Lists<LongList> {
  const lists: Lists<LongList> = {};
  for (const [i, module] of ready.modules.entries()) Object.assign(lists, listsOfModule(run, module, i, all));
  const { samples } = ready;
  if (!all || !samples) return lists;
  const [{ d, k, base }] = ready.modules;
  const pair = ({ count, X, Y }: SampleSetColumns) => ({ X: matrix(X, k, count), Y: matrix(Y, d, count) });
  const { X: heldOutX, Y: heldOutY } = pair(samples.heldOut);
  const sets = base ? { ...pair(samples.training), heldOutX, heldOutY } : {};
  const batches = batchesIn(run, samples.training.count);
  return { ...lists, ...sets, ...(batches && { batches }) };
}

function listsOfModule(run: Run, module: ReadyModule, i: number, all: boolean): Lists<LongList> {
  const { d, k, rank, base, wanted, A, B } = module;
  const last = run.frames.at(-1)?.modules[i] ?? module;
  return {
    [`startA${i}`]: matrix(A, rank, k),
    [`startB${i}`]: matrix(B, d, rank),
    [`endA${i}`]: matrix(last.A, rank, k),
    [`endB${i}`]: matrix(last.B, d, rank),
    ...(all && base && { [`base${i}`]: matrix(base, d, k) }),
    ...(all && wanted?.matrix && { [`target${i}`]: matrix(wanted.matrix, d, k) }),
  };
}

function matrix(data: Float32Array, rows: number, cols: number): LongList {
  const row = (i: number) => numbers(data, i * cols, cols);
  return { numbers: rows * cols, slices: () => inSlices(row, rows, cols) };
}

/** `count` numbers from index `from`. Ten times as fast as Array.from, which uses the list's iterator. */
function numbers(data: Float32Array, from: number, count: number): number[] {
  const list = new Array<number>(count);
  for (let i = 0; i < count; i++) list[i] = data[from + i];
  return list;
}

/** The samples of every step, N + 1 lists of column indices; null if too many. */
function batchesIn({ experiment, trace }: Run, n: number): LongList | null {
  const { size, at } = batchesOfLink(experiment, n);
  if (size * trace.length > MAX_INDICES) return null;
  const { length } = trace;
  return { numbers: size * length, slices: () => inSlices((t) => Array.from(at(t)), length, size) };
}

function* inSlices(row: (i: number) => readonly number[], rows: number, cols: number): Generator<NumberRows> {
  const atOnce = Math.max(1, Math.floor(SLICE / cols));
  for (let from = 0; from < rows; from += atOnce)
    yield Array.from({ length: Math.min(atOnce, rows - from) }, (_, i) => row(from + i));
}

export type YieldTask = () => Promise<void>;

/** Null before the matrices exist. Long lists are made at the first read, since most callers read only the curves. */
export function runFileOf(run: Run, app: string): RunFile | null {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<() => NumberRows> = {};
  for (const [name, list] of entriesOf(listsOf(run, ready, true))) lists[name] = () => rowsOf(list);
  return fileWithLists(run, ready, app, lists);
}

/** Numbers that a page converts to rows in a few milliseconds: as many as W₀ may have. */
const QUICK = MAX_LISTED_SIDE ** 2;

/** As runFileOf, but lists that take longer than that are made now, in slices that keep the page responsive. */
export async function runFileInSlices(run: Run, app: string, breathe: YieldTask): Promise<RunFile | null> {
  const { ready } = run;
  if (!ready) return null;
  const lists: Lists<() => NumberRows> = {};
  for (const [name, list] of entriesOf(listsOf(run, ready, true))) {
    if (list.numbers <= QUICK) lists[name] = () => rowsOf(list);
    else {
      const rows = await slowly(list, breathe);
      lists[name] = () => rows;
    }
  }
  return fileWithLists(run, ready, app, lists);
}

async function slowly({ slices }: LongList, breathe: YieldTask): Promise<NumberRows> {
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

/** The additional fields of a regression run; null for another target, or if no list is included. */
function samplesWith(ready: RunWithMatrices, lists: Lists<() => NumberRows>): RunFileSamples | null {
  const { X = NONE, Y = NONE, batches = NONE, heldOutX = NONE, heldOutY = NONE } = lists;
  if (!ready.samples || (X === NONE && batches === NONE)) return null;
  const heldOut = lazyProperties({}, { X: heldOutX, Y: heldOutY });
  return Object.assign(lazyProperties({}, { X, Y, batches }), { heldOut });
}

const NONE = () => null;
const EMPTY = () => [];

/** The full losses of a regression run; empty for other targets. */
function lossesWith({ losses }: Run): Pick<RunFile['trace'], 'trainingLoss' | 'heldOutLoss'> {
  const { steps: step, training, heldOut } = losses;
  return step.length === 0 ? {} : { trainingLoss: { step, values: training }, heldOutLoss: { step, values: heldOut } };
}

export function fileWithLists(run: Run, ready: RunWithMatrices, app: string, lists: Lists<() => NumberRows>): RunFile {
  const { experiment, view, rate, trace } = run;
  const samples = samplesWith(ready, lists);
  const { loss, relativeError } = trace.series;
  return {
    format: RUN_FORMAT,
    version: RUN_VERSION,
    app,
    ...backendTexts(run.computed, lastStep(run)),
    link: writeLink(experiment, view, rate),
    config: configOf(experiment, view, rate),
    scaling: scalingOf(experiment),
    layers: ready.modules.map((module, i) => layerWith(run, module, i, lists)),
    ...(samples && { samples }),
    trace: {
      step: Array.from({ length: trace.length }, (_, i) => i),
      loss: Array.from(traceList(trace, loss)),
      relativeError: relativeError
        ? Array.from(traceList(trace, relativeError))
        : new Array<null>(trace.length).fill(null),
      ...lossesWith(run),
    },
    changes: run.changes,
    status: run.status,
  };
}

function layerWith(
  run: Run,
  { name, d, k, rank }: ReadyModule,
  i: number,
  lists: Lists<() => NumberRows>,
): RunFileLayer {
  const norms = run.trace.modules[i];
  const numbers = (series: ModuleSeries) => (norms ? Array.from(traceList(run.trace, norms[series])) : []);
  const sampled = sampledSpectra(run, i);
  const list = (of: ModuleList) => lists[`${of}${i}`];
  const matrices = { base: list('base') ?? NONE, target: list('target') ?? NONE };
  return Object.assign(lazyProperties({ name, d, k, rank }, matrices), {
    initial: lazyProperties({}, { A: list('startA') ?? EMPTY, B: list('startB') ?? EMPTY }),
    final: lazyProperties({}, { A: list('endA') ?? EMPTY, B: list('endB') ?? EMPTY }),
    trace: {
      ...moduleSeries(numbers),
      effectiveRank: { step: sampled.steps, values: sampled.spectra.map((s) => effectiveRankOf(s)) },
      spectrum: sampled.steps.map((step, at) => ({ step, values: Array.from(sampled.spectra[at]) })),
    },
  });
}
